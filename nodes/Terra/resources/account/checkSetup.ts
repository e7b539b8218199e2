import { providerField, readProvider } from '../../fields/provider';
import { readBoolean } from '../../fields/values';
import { unnamedHint } from '../../history';
import { operation, type Services } from '../../n8n';
import { addDays } from '../../terra/days';
import { asText } from '../../terra/json';
import { inMinutes } from '../../terra/times';
import {
	enabledProviders,
	providerName,
	recordsReader,
	usersOf,
	usersOnPage,
	type Client,
	type User,
} from '../../transport';
import { SHORT_RETRY } from '../retry';
import { checkFormat, checkSamples, unlessRefused } from './checkDelivery';
import { checkDestination, NO_TOKEN } from './checkDestination';
import { checkToken } from './checkToken';
import { checkArrivals, checkPasses, checkSecret } from './checkArrivals';
import { checked, findingsOf, inOrder, type Finding } from './finding';

/** Checks everything that must be right for rides to arrive: an item for each step. */
export const checkSetup = operation({
	option: {
		name: 'Check Set-Up',
		value: 'checkSetup',
		description: 'Check why rides arrive or do not, problems first',
		action: 'Check set up of account',
	},
	forModel:
		'Says why rides arrive or do not: a row for each check, with result ("To do", "Could not check", "OK"), message and what to do next.',
	columns: [
		{ name: 'result', description: '"To do", "Could not check" or "OK", in this order' },
		{ name: 'check', description: 'What was checked' },
		{ name: 'message', description: 'What was found' },
		{ name: 'next', description: 'What to do' },
	],
	fields: [
		providerField({}, 'Whose rides should arrive'),
		{
			displayName: 'Switch Webhook On',
			name: 'switchOn',
			type: 'boolean',
			default: false,
			description:
				"Whether to switch on this n8n's webhooks that are off: Terra switches one off after a day of failures. Needs the Terra Admin API credential.",
		},
	],
	read: (parameters) => ({
		provider: readProvider(parameters),
		switchOn: readBoolean(parameters.switchOn, 'Switch Webhook On', false),
	}),
	async run({ provider, switchOn }, services) {
		const findings = [
			...(await check(provider, services)),
			await checkSecret(services),
			...checkArrivals(services),
			...checkPasses(services),
			...(await checkWebhook(services, switchOn)),
		];
		return inOrder(findings).map((finding) => ({ json: { ...finding } }));
	},
});

async function check(provider: string, services: Services): Promise<Finding[]> {
	const { client } = services;
	const name = providerName(provider);
	const credential = await checkCredential(client);
	const source = await checkSource(client, provider, name);
	if (credential.result !== 'OK') {
		const unchecked = [`${name} Athletes`, 'Activity Data', 'Last Data'].map((step) =>
			findingsOf(step)('unknown', 'Not checked', 'Terra must accept the credential first.'),
		);
		return [credential, source, ...unchecked];
	}
	const users: User[] = [];
	const athletes = await checked(`${name} Athletes`, async () => {
		let withoutId = '';
		const unnamed = (count: number) => (withoutId = unnamedHint(count));
		const list = usersOf(client, [provider], SHORT_RETRY, { unnamed });
		for await (const user of list) users.push(user);
		return checkUsers(users, name, withoutId);
	});
	return [
		credential,
		source,
		athletes,
		await checkActivity(users, name, services),
		checkLastData(users, name),
	];
}

/** What only the Admin API can tell. */
async function checkWebhook(services: Services, switchOn: boolean): Promise<Finding[]> {
	const admin = await services.admin();
	if (!admin) return [NO_TOKEN];
	return [
		await unlessRefused('Personal Access Token', 'destinations:read', () => checkToken(admin)),
		await checkDestination(admin, services.webhookBaseUrl, switchOn),
		await unlessRefused('Data Format', 'dataconfig:read', () => checkFormat(admin)),
		await unlessRefused('Samples', 'dataconfig:read', () => checkSamples(admin)),
	];
}

async function checkCredential(client: Client): Promise<Finding> {
	return await checked('Credential', async (finding) => {
		await usersOnPage(client, 0, SHORT_RETRY);
		return finding('ok', 'Terra accepts this Developer ID and API Key');
	});
}

async function checkSource(client: Client, provider: string, name: string): Promise<Finding> {
	return await checked(`${name} Source`, async (finding) => {
		const providers = await enabledProviders(client, SHORT_RETRY);
		const found = providers.find((one) => asText(one.provider)?.toUpperCase() === provider);
		return found && found.enabled !== false
			? finding('ok', `${name} is enabled`)
			: finding(
					'problem',
					`${name} is not enabled`,
					`Enable ${name} in Terra's dashboard under Connections → Sources, in the environment of this credential.`,
				);
	});
}

function checkUsers(users: User[], name: string, withoutId: string): Finding {
	const finding = findingsOf(`${name} Athletes`);
	const link = 'with a link from this node: resource Athlete, operation Create Connection Link';
	if (users.length === 0) {
		const next = `Have an athlete connect ${link}.`;
		return finding('problem', `Nobody has connected ${name}`, next);
	}
	const inactive = users.filter(({ active }) => active === false).length;
	const message = `${users.length} connected${inactive > 0 ? `, ${inactive} of them no longer active` : ''}`;
	if (inactive === users.length) {
		return finding('problem', message, `Have them connect again ${link}.`);
	}
	if (withoutId === '') return finding('ok', message);
	return finding('unknown', `${message}. ${withoutId}`, 'Report it to Terra.');
}

async function checkActivity(
	users: User[],
	name: string,
	{ client, today }: Services,
): Promise<Finding> {
	const user = users.find(({ active }) => active !== false);
	return await checked('Activity Data', async (finding) => {
		if (!user) {
			const next = `This can be checked once somebody has connected ${name}.`;
			return finding('unknown', 'Not checked', next);
		}
		const query = {
			user_id: user.user_id,
			start_date: addDays(today, -1),
			end_date: addDays(today, 1),
			to_webhook: false,
			with_samples: false,
		};
		const about = { kind: 'records', type: 'activity' } as const;
		const read = recordsReader({ type: 'activity', userId: String(query.user_id) });
		await client.get({ path: '/activity', query, about, read }, SHORT_RETRY);
		return finding('ok', `Terra returns activities of ${name}`);
	});
}

function checkLastData(users: User[], name: string): Finding {
	const finding = findingsOf('Last Data');
	const last = users
		.map((user) => asText(user.last_webhook_update) ?? '')
		.sort()
		.at(-1);
	return last
		? finding('ok', `Terra last sent ${name} data to the webhook at ${inMinutes(last)}`)
		: finding(
				'unknown',
				'Terra has not sent anything to the webhook yet',
				'This is normal before the first ride. To test it, use the operation Request Backfill of the resource Activity.',
			);
}
