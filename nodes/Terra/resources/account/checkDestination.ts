import { AdminError, CREATE_TOKEN, type Admin, type Destination } from '../../transport';
import { findingsOf, type Finding } from './finding';

const finding = findingsOf('Webhook');

const IN_DASHBOARD = "in Terra's dashboard under Connections → Destinations";

export const NO_TOKEN = finding(
	'unknown',
	'Not checked: this node has no Terra Admin API credential',
	`Look ${IN_DASHBOARD}: the Production URL of the Terra Trigger must be there and active. Or add the credential, with a Personal Access Token.`,
);

/**
 * Whether Terra has somewhere to deliver to.
 *
 * @param webhookBaseUrl of this n8n, if it is known
 * @param switchOn whether to switch this n8n's webhooks on again
 */
export async function checkDestination(
	admin: Admin,
	webhookBaseUrl: string | undefined,
	switchOn: boolean,
): Promise<Finding> {
	try {
		const destinations = await admin.listDestinations();
		const isOurs = ({ url }: Destination) =>
			webhookBaseUrl !== undefined && url.startsWith(`${webhookBaseUrl}/`);
		const asleep = switchOn ? destinations.filter((one) => isOurs(one) && !one.active) : [];
		for (const { id } of asleep) await admin.updateDestination(id, { active: true });
		const hasChanged = asleep.length > 0;
		const current = hasChanged ? await admin.listDestinations() : destinations;
		return await assess(admin, current, isOurs, webhookBaseUrl, hasChanged);
	} catch (error) {
		return explain(error);
	}
}

async function assess(
	admin: Admin,
	destinations: Destination[],
	isOurs: (destination: Destination) => boolean,
	webhookBaseUrl: string | undefined,
	hasSwitchedOn: boolean,
): Promise<Finding> {
	const active = destinations.filter((one) => one.active);
	const urls = (some: Destination[]) => some.map(({ url }) => url).join(', ');
	if (destinations.length === 0) {
		const next = `Add the Production URL of the Terra Trigger ${IN_DASHBOARD}, or let the trigger register itself (Webhook Registration: Automatically).`;
		return finding('problem', 'Terra has no webhook to deliver to', next);
	}
	if (active.length === 0) {
		const next = `Terra switches a webhook off after a day of failures: check that n8n can be reached and the workflow is published. Then run this again with 'Switch Webhook On' or switch it on ${IN_DASHBOARD}.`;
		return finding('problem', `The webhook is switched off: ${urls(destinations)}`, next);
	}
	const withActivities = active.filter(
		({ eventTypes }) => eventTypes.length === 0 || eventTypes.includes('activity'),
	);
	if (withActivities.length === 0) {
		const next =
			'Publish a Terra Trigger for activities that registers automatically, or create the webhook again.';
		return finding('problem', `The webhook does not receive activities: ${urls(active)}`, next);
	}
	const ours = withActivities.filter(isOurs);
	if (webhookBaseUrl !== undefined && ours.length === 0) {
		const next = `This n8n's webhooks are at ${webhookBaseUrl}. If its address has changed, publish the workflow again (Automatically), or change the address ${IN_DASHBOARD} (By Hand).`;
		return finding('problem', `Terra delivers to another address: ${urls(withActivities)}`, next);
	}
	const served = ours.length > 0 ? ours : withActivities;
	const again = hasSwitchedOn ? ' It was switched on again just now.' : '';
	const lately = await statistics(admin, served);
	return finding(
		lately.isFailing ? 'problem' : 'ok',
		`Terra delivers to ${urls(served)}.${again}${lately.message}`,
		lately.isFailing
			? "See the Terra Trigger's answers in n8n's log: a 401 is a wrong signing secret, a 404 a workflow that is not published."
			: 'Compare it with the Production URL of the Terra Trigger.',
	);
}

/** How the last day went, if Terra says. */
async function statistics(admin: Admin, destinations: Destination[]) {
	let attempts = 0;
	let failed = 0;
	try {
		for (const { id } of destinations) {
			const one = await admin.statistics(id);
			attempts += one.attempts;
			failed += one.failed;
		}
	} catch {
		return { message: '', isFailing: false };
	}
	if (attempts === 0)
		return { message: ' It has sent nothing in the last 24 hours.', isFailing: false };
	return {
		message: ` In the last 24 hours ${attempts - failed} of ${attempts} deliveries were accepted.`,
		isFailing: failed > attempts / 2,
	};
}

function explain(error: unknown): Finding {
	const { status, said } = error instanceof AdminError ? error : { status: 0, said: '' };
	const terraSays = said ? ` Terra says: ${said}` : '';
	if (status === 401 || status === 403) {
		const next = `${CREATE_TOKEN}: tokens expire after 90 days at most. What is already set up keeps working.${terraSays}`;
		return finding('problem', 'Terra refused the Personal Access Token', next);
	}
	if (status === 404) {
		const next = `Check that the Developer ID belongs to the account of the Personal Access Token.${terraSays}`;
		return finding('problem', 'The Personal Access Token is for another account', next);
	}
	const next = `Try again in a few minutes, and check the 'Admin Base URL' of the credential.${terraSays}`;
	const isOdd = status >= 200 && status < 300;
	return finding(
		'unknown',
		`Terra's Admin API ${isOdd ? 'gave an unexpected answer' : 'cannot be reached'}`,
		next,
	);
}
