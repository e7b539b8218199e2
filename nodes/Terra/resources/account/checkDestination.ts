import { adminOf, AdminError, type Client, type Destination } from '../../transport';
import { findingsOf, type Finding } from './finding';

const finding = findingsOf('Webhook');

const IN_DASHBOARD = "in Terra's dashboard under Connections → Destinations";

/** Whether Terra has somewhere to deliver to; only the Admin API tells, so it takes a token of its own. */
export async function checkDestination({ connection }: Client): Promise<Finding> {
	const admin = await adminOf(connection);
	if (!admin) {
		return finding(
			'unknown',
			'Not checked: the credential has no Personal Access Token',
			`Look ${IN_DASHBOARD}: the Production URL of the Terra Trigger must be there and active. Or add a token to the credential.`,
		);
	}
	try {
		return assess(await admin.listDestinations());
	} catch (error) {
		return explain(error);
	}
}

function assess(destinations: Destination[]): Finding {
	const active = destinations.filter((one) => one.active);
	const urls = (some: Destination[]) => some.map(({ url }) => url).join(', ');
	if (destinations.length === 0) {
		const next = `Add the Production URL of the Terra Trigger ${IN_DASHBOARD}, or let the trigger register itself (Webhook Registration: Automatically).`;
		return finding('problem', 'Terra has no webhook to deliver to', next);
	}
	if (active.length === 0) {
		const next = `Switch it on ${IN_DASHBOARD}. Terra switches a webhook off after a day of failures: check that n8n can be reached and the workflow is published.`;
		return finding('problem', `The webhook is switched off: ${urls(destinations)}`, next);
	}
	const withActivities = active.filter(
		({ eventTypes }) => eventTypes.length === 0 || eventTypes.includes('activity'),
	);
	if (withActivities.length === 0) {
		const next =
			'Publish a Terra Trigger for activities that registers automatically, or create the webhook anew.';
		return finding('problem', `The webhook does not receive activities: ${urls(active)}`, next);
	}
	return finding(
		'ok',
		`Terra delivers to ${urls(withActivities)}`,
		'Compare it with the Production URL of the Terra Trigger.',
	);
}

function explain(error: unknown): Finding {
	const { status, said } = error instanceof AdminError ? error : { status: 0, said: '' };
	const terraSays = said ? ` Terra says: ${said}` : '';
	if (status === 401 || status === 403) {
		const next = `Create a new one in Terra's dashboard under Settings → Personal Access Tokens, with the scope destinations:read: they live 90 days at most.${terraSays}`;
		return finding('problem', 'Terra refused the Personal Access Token', next);
	}
	if (status === 404) {
		const next = `Check that the Developer ID belongs to the account of the Personal Access Token.${terraSays}`;
		return finding('problem', 'The Personal Access Token is for another account', next);
	}
	const next = `Try again in a few minutes, and check the 'Admin Base URL' of the credential.${terraSays}`;
	return finding('unknown', "Terra's Admin API cannot be reached", next);
}
