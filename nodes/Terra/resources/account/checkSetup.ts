import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { addDays } from '../../terra/days';
import { asText, type JsonObject } from '../../terra/json';
import type { Patience } from '../../transport/retry';
import { enabledProviders, readable } from '../../transport/providers';
import { terraRequest } from '../../transport/client';
import { today } from '../../fields/inputs';
import { perItem } from '../../n8n/perItem';
import { providerField, readOneProvider } from '../../fields/provider';
import { usersOf, type User } from '../../transport/users';
import { checkDestination } from './checkDestination';
import { finding, orSo, unknown, type Finding } from './finding';

const show = { resource: ['account'], operation: ['checkSetup'] };

export const fields: INodeProperties[] = [
	providerField(show, 'Whose rides should arrive', { several: false }),
];

/** Checks everything that has to be right for rides to arrive: an item for each step. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await perItem.call(this, async (item, patience) => {
		const provider = readOneProvider.call(this, item);
		return (await check.call(this, provider, patience)).map((line): JsonObject => ({ ...line }));
	});
}

async function check(
	this: IExecuteFunctions,
	provider: string,
	patience: Patience,
): Promise<Finding[]> {
	const name = readable(provider);
	const credential = await checkCredential.call(this, patience);
	const source = await checkSource.call(this, provider, patience);
	if (credential.status !== 'ok') {
		const notChecked = (what: string) =>
			unknown(what, 'Not checked', 'Terra must accept the credential first.');
		return [
			credential,
			source,
			...[`${name} Users`, 'Activity Data', 'Last Data'].map(notChecked),
			await checkSecret.call(this),
			await checkDestination.call(this),
		];
	}
	const users: User[] = [];
	for await (const user of usersOf.call(this, [provider], patience)) users.push(user);
	return [
		credential,
		source,
		checkUsers(users, name),
		await checkActivity.call(this, users, name, patience),
		checkLastData(users, name),
		await checkSecret.call(this),
		await checkDestination.call(this),
	];
}

async function checkCredential(this: IExecuteFunctions, patience: Patience): Promise<Finding> {
	const query = { page: 0, per_page: 1 };
	return await orSo('Credential', async () => {
		await terraRequest.call(this, { path: '/subscriptions', query }, patience);
		return finding('ok', 'Terra knows this pair of Developer ID and API Key');
	});
}

async function checkSource(
	this: IExecuteFunctions,
	provider: string,
	patience: Patience,
): Promise<Finding> {
	const name = readable(provider);
	return await orSo(`${name} Source`, async () => {
		const providers = await enabledProviders.call(this, patience);
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

function checkUsers(users: User[], name: string): Finding {
	const check = `${name} Users`;
	const link = 'with a link from this node: resource User, operation Create Connection Link';
	if (users.length === 0) {
		const next = `Let an athlete connect ${link}.`;
		return { check, ...finding('problem', `Nobody is connected with ${name}`, next) };
	}
	const inactive = users.filter(({ active }) => active === false).length;
	const message = `${users.length} connected${inactive > 0 ? `, ${inactive} of them no longer active` : ''}`;
	return inactive === users.length
		? { check, ...finding('problem', message, `Let them connect again ${link}.`) }
		: { check, ...finding('ok', message) };
}

async function checkActivity(
	this: IExecuteFunctions,
	users: User[],
	name: string,
	patience: Patience,
): Promise<Finding> {
	const check = 'Activity Data';
	const user = users.find(({ active }) => active !== false);
	if (!user) {
		return unknown(
			check,
			'Not checked',
			`It can be checked when somebody is connected with ${name}.`,
		);
	}
	const now = today.call(this);
	const query = {
		user_id: user.user_id,
		start_date: addDays(now, -1),
		end_date: addDays(now, 1),
		to_webhook: false,
		with_samples: false,
	};
	return await orSo(check, async () => {
		await terraRequest.call(this, { path: '/activity', query }, patience);
		return finding('ok', `Terra hands out activities of ${name}`);
	});
}

function checkLastData(users: User[], name: string): Finding {
	const check = 'Last Data';
	const last = users
		.map((user) => asText(user.last_webhook_update) ?? '')
		.sort()
		.at(-1);
	if (last)
		return {
			check,
			...finding('ok', `Terra last sent something of ${name} to the webhook at ${last}`),
		};
	return unknown(
		check,
		'Terra has not sent anything to the webhook yet',
		'Normal before the first ride. To try it, use the operation Request Backfill of the resource Activity.',
	);
}

async function checkSecret(this: IExecuteFunctions): Promise<Finding> {
	const check = 'Signing Secret';
	const { signingSecrets } = await this.getCredentials('terraApi');
	if (String(signingSecrets ?? '').trim() !== '') {
		return unknown(
			check,
			'The credential has one',
			'Whether it is the right one shows at the first delivery: a wrong one makes the Terra Trigger answer 401.',
		);
	}
	return unknown(
		check,
		'The credential has none',
		"A Terra Trigger needs it unless it registers its webhook automatically. In Terra's dashboard: Connections → Destinations → your webhook → ⋯ → Edit.",
	);
}
