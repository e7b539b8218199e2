import type { INodeParameters } from 'n8n-workflow';
import { clock } from '../../nodes/Terra/transport';
import type { Sandbox } from '../../sandbox';
import { adminCredentialFor } from '../../playground/credential';
import { askDestinations, destinationsOf } from '../support/destinations';
import { executeTerra, runTerra, workflowOf } from '../support/n8nCore';
import { failureOf, setStage, type Stage } from './historySupport';

let stage: Stage;
beforeEach(async () => {
	stage = await setStage();
});
afterEach(async () => await stage.sandbox.close());

/** @param credential changes to the Terra API credential; `admin` changes the other credential */
const run = async (
	operation: string,
	parameters: INodeParameters = {},
	{ admin, ...credential }: { admin?: object; [field: string]: unknown } = {},
) =>
	await runTerra({
		credential: { ...stage.credential, ...(credential as object) },
		adminCredential: admin && { ...admin },
		parameters: { resource: 'account', operation, ...parameters },
	});

describe('Get Providers', () => {
	it('returns the providers enabled in the environment, a row for each', async () => {
		const items = await run('getProviders');
		expect(items.map(({ json }) => json.provider)).toEqual(['XERT', 'GARMIN']);
		expect(items[0]!.json).toEqual({
			provider: 'XERT',
			name: 'Xert',
			enabled: true,
			activity: true,
			body: false,
			daily: false,
			menstruation: false,
			nutrition: false,
			sleep: false,
			icon: expect.any(String),
		});
	});

	it('does not send the API key, since Terra would then return an empty list', async () => {
		await run('getProviders');
		const [request] = stage.sandbox.requests;
		expect(request!.headers).toMatchObject({ 'dev-id': stage.credential.devId });
		expect(request!.headers).not.toHaveProperty('x-api-key');
	});

	it('reports an error if Terra cannot answer', async () => {
		stage.sandbox.faults.add({ kind: 'html', status: 502 });
		expect(await failureOf(run('getProviders'))).toMatchObject({
			message: 'Terra cannot answer just now',
		});
	});
});

const admin = (change = {}) => ({ admin: { ...adminCredentialFor(stage.sandbox), ...change } });

const OURS = 'http://n8n.test/webhook/1/webhook';

describe('Check Set-Up', () => {
	const lines = async (credential = {}, parameters: INodeParameters = {}) =>
		(await run('checkSetup', parameters, credential)).map(({ json }) => json);

	/** The line about one thing, starting with its result. */
	const about = async (check: string, credential = {}, parameters: INodeParameters = {}) => {
		const found = (await lines(credential, parameters)).find((line) => line.check === check);
		return `${found?.result as string}: ${found?.message as string} → ${found?.next as string}`;
	};
	it('reports on each step, with nothing to do where all is right', async () => {
		stage.sandbox.setDestination(OURS);
		const found = await lines({ ...admin(), signingSecrets: stage.sandbox.signingSecret });
		expect(found.map(({ result, check }) => [result, check])).toEqual([
			['Could not check', 'Last Data'],
			['Could not check', 'Signing Secret'],
			['Could not check', 'Deliveries'],
			['OK', 'Credential'],
			['OK', 'Xert Source'],
			['OK', 'Xert Athletes'],
			['OK', 'Activity Data'],
			['OK', 'Personal Access Token'],
			['OK', 'Webhook'],
			['OK', 'Data Format'],
			['OK', 'Samples'],
		]);
		for (const { result, message, next } of found) {
			expect(message).not.toBe('');
			expect(next).not.toBe('');
			if (result !== 'OK') expect(next).not.toBe('Nothing to do');
		}
	});

	it('reports a wrong key as such, and skips the steps that need it', async () => {
		const found = await lines({ apiKey: 'wrong' });
		expect(found[0]).toMatchObject({
			result: 'To do',
			message: 'Terra refused the credential',
			next: expect.stringContaining('same environment'),
		});
		expect(found.filter(({ message }) => message === 'Not checked')).toHaveLength(3);
		expect(JSON.stringify(found)).not.toContain('"wrong"');
	});

	it('does not report a wrong key if Terra cannot be reached', async () => {
		stage.sandbox.faults.add({ kind: 'reset' });
		expect(await about('Credential')).toMatch(/^Could not check: Terra could not be reached/);
	});

	it('reports a provider that is not enabled', async () => {
		const provider = { __rl: true, mode: 'name', value: 'FITBIT' };
		expect(await about('Fitbit Source', {}, { provider })).toMatch(
			/^To do: Fitbit is not enabled → .*Connections → Sources/,
		);
	});

	it('reports that nobody is connected, or nobody any longer', async () => {
		const provider = { __rl: true, mode: 'name', value: 'WAHOO' };
		expect(await about('Wahoo Athletes', {}, { provider })).toMatch(
			/^To do: Nobody has connected Wahoo → .*Create Connection Link/,
		);
		expect(await about('Activity Data', {}, { provider })).toMatch(/^Could not check: Not checked/);

		for (const user of stage.sandbox.users) user.active = false;
		expect(await about('Xert Athletes')).toMatch(/^To do: 3 connected, 3 of them no longer active/);
	});

	it('reports that activity data is switched off', async () => {
		stage.sandbox.settings.disabledDataTypes = ['activity'];
		expect(await about('Activity Data')).toMatch(
			/^To do: The data type activity is switched off → Enable it/,
		);
	});

	it('does not accept the activities of another athlete', async () => {
		const user = { user_id: stage.sandbox.users[1]!.user_id };
		const body = { user, type: 'activity', data: [{ metadata: {} }] };
		stage.sandbox.faults.add({ kind: 'status', status: 200, path: '/activity', body });
		expect(await about('Activity Data')).toMatch(/: Terra's answer does not match/);
	});

	it('reports when Terra last sent something', async () => {
		stage.sandbox.users[1]!.last_webhook_update = '2026-11-20T16:12:44.903000+00:00';
		expect(await about('Last Data')).toContain('at 2026-11-20 16:12 UTC');
	});

	it('reports that the trigger needs a signing secret', async () => {
		expect(await about('Signing Secret')).toMatch(
			/^To do: There is none → Before you publish .*⋯ → Edit/,
		);
	});

	describe('of the webhook', () => {
		it('cannot be done without a token, and says where to look instead', async () => {
			expect(await about('Webhook')).toMatch(
				/^Could not check: Not checked.*Connections → Destinations/,
			);
		});

		it('reports that there is none', async () => {
			expect(await about('Webhook', admin())).toMatch(/^To do: Terra has no webhook/);
		});

		it('reports one that Terra has switched off, or that receives no activities', async () => {
			stage.sandbox.setDestination(OURS);
			const [destination] = await destinationsOf(stage.sandbox);
			const patch = async (body: object) => await askTerra('PATCH', `/${destination!.id}`, body);
			await patch({ active: false });
			expect(await about('Webhook', admin())).toMatch(
				/^To do: The webhook is switched off: http:\/\/n8n\.test/,
			);

			await patch({ active: true, event_types: ['sleep'] });
			expect(await about('Webhook', admin())).toMatch(
				/^To do: The webhook does not receive activities/,
			);
		});

		it('reports a token that has expired', async () => {
			stage.sandbox.addAdminToken('expired', { expiresAt: 0 });
			expect(await about('Webhook', admin({ token: 'expired' }))).toMatch(
				/^To do: Terra refused the Personal Access Token/,
			);
		});

		it('reports one with the address of another n8n', async () => {
			stage.sandbox.setDestination('https://old.example/webhook/1/webhook');
			expect(await about('Webhook', admin())).toMatch(
				/^To do: Terra delivers to another address: https:\/\/old\.example.*This n8n's webhooks are at http:\/\/n8n\.test\/webhook/,
			);
		});

		it("recognises its own in another spelling of n8n's address", async () => {
			stage.sandbox.setDestination(OURS);
			const built = workflowOf({
				type: 'terra',
				credential: stage.credential,
				adminCredential: adminCredentialFor(stage.sandbox),
				parameters: { resource: 'account', operation: 'checkSetup' } as never,
			});
			const items = await executeTerra(built, { webhookBaseUrl: 'http://N8N.test:80/webhook' });
			const found = items.find(({ json }) => json.check === 'Webhook');
			expect(found?.json).toMatchObject({ result: 'OK' });
		});

		it('switches its own on again if asked to, and no other', async () => {
			stage.sandbox.settings.secondDestinationStatus = null;
			const ours = await askTerra('POST', '', { type: 'webhook', config: { url: OURS } });
			const other = await askTerra('POST', '', {
				type: 'webhook',
				config: { url: 'https://other.example/webhook/1/webhook' },
			});
			for (const { id } of [ours, other]) await askTerra('PATCH', `/${id}`, { active: false });
			expect(await about('Webhook', admin())).toMatch(/^To do: The webhook is switched off/);
			expect(await about('Webhook', admin(), { switchOn: true })).toMatch(
				/^OK: .*switched on again just now/,
			);
			const { data } = await askTerra('GET', '');
			expect(data).toMatchObject([
				{ id: ours.id, active: true },
				{ id: other.id, active: false },
			]);
		});

		it('reports no fault if the Admin API cannot be reached', async () => {
			const nowhere = admin({ baseUrl: 'http://127.0.0.1:1/api/v3/admin' });
			expect(await about('Webhook', nowhere)).toMatch(/^Could not check: Terra's Admin API cannot/);
		});
	});

	describe('of the token', () => {
		const withToken = async (options: Parameters<Sandbox['addAdminToken']>[1]) => {
			stage.sandbox.addAdminToken('another', options);
			return await about('Personal Access Token', admin({ token: 'another' }));
		};
		const DAY_MS = 86_400_000;
		const needed = ['destinations:read', 'destinations:write', 'keys:read'] as const;

		it('reports its scopes and when it expires', async () => {
			const expiresAt = clock.now() + 30.5 * DAY_MS;
			expect(await withToken({ scopes: [...needed], expiresAt })).toMatch(
				/^OK: The token expires on \d{4}-\d\d-\d\d, in 30 days\. It may register webhooks, but not send test events/,
			);
		});

		it('warns before it expires', async () => {
			expect(
				await withToken({ scopes: [...needed], expiresAt: clock.now() + 13.5 * DAY_MS }),
			).toMatch(/^To do: The token expires on .*, in 13 days.*keeps working/);
		});

		it('names a missing scope', async () => {
			expect(await withToken({ scopes: ['destinations:read', 'keys:read'] })).toMatch(
				/^To do: The token lacks the scope destinations:write/,
			);
		});

		it('reports what an older deployment cannot say as not checked', async () => {
			stage.sandbox.settings.adminVersion = '2026.09';
			stage.sandbox.setDestination(OURS);
			const found = await lines(admin());
			const results = new Map(found.map(({ check, result }) => [check, result]));
			expect(results.get('Webhook')).toBe('OK');
			for (const check of ['Personal Access Token', 'Data Format', 'Samples']) {
				expect(results.get(check)).toBe('Could not check');
			}
		});
	});
});

const askTerra = async (method: string, path: string, body?: object) =>
	await askDestinations(stage.sandbox, method, path, body);

describe('Send Test Event', () => {
	const send = async (parameters: INodeParameters = {}, change?: object) =>
		(await run('sendTestEvent', parameters, admin(change))).map(({ json }) => json);
	const delivered = async () => {
		const response = await fetch(`${new URL(stage.sandbox.apiBase).origin}/sandbox/state`);
		return ((await response.json()) as any).deliveries.map((one: any) => one.url as string);
	};

	it('makes Terra send a made-up ride to the only webhook', async () => {
		stage.sandbox.setDestination(OURS);
		expect(await send()).toEqual([
			{
				sent: true,
				webhook_url: OURS,
				event_id: expect.any(String),
			},
		]);
		expect(await delivered()).toEqual([OURS]);
	});

	it('only shows the event if asked to', async () => {
		stage.sandbox.setDestination(OURS);
		expect(await send({ onlyShow: true })).toMatchObject([
			{ sent: false, payload: { type: 'activity', user: { provider: 'XERT' } } },
		]);
		expect(await delivered()).toEqual([]);
	});

	it('needs a URL if there are several webhooks', async () => {
		stage.sandbox.settings.secondDestinationStatus = null;
		const url = 'https://other.example/webhook/1/webhook';
		for (const one of [OURS, url])
			await askTerra('POST', '', { type: 'webhook', config: { url: one } });
		const failure = await failureOf(send());
		expect(failure.message).toBe("Terra has several webhooks: name one under 'Webhook URL'");
		expect(failure.description).toBe(`${OURS}, ${url}`);
		expect(await send({ testUrl: url })).toMatchObject([{ sent: true, webhook_url: url }]);
		expect(await delivered()).toEqual([url]);
		expect(await failureOf(send({ testUrl: `${url}s` }))).toMatchObject({
			message: "Terra has no webhook with this 'Webhook URL'",
		});
	});

	it.each([
		['there is no webhook', {}, {}, 'Terra has no active webhook'],
		['the token is wrong', { token: 'wrong' }, {}, 'Terra refused the Personal Access Token'],
	])('says what to do if %s', async (_case, change, parameters, message) => {
		expect(await failureOf(send(parameters, change))).toMatchObject({ message });
	});

	it('says what to do without a credential, without the scope, or without that feature at Terra', async () => {
		stage.sandbox.setDestination(OURS);
		expect(await failureOf(run('sendTestEvent'))).toMatchObject({
			message: 'The Terra Admin API credential is missing',
		});
		stage.sandbox.addAdminToken('reader', { scopes: ['destinations:read'] });
		expect(await failureOf(send({}, { token: 'reader' }))).toMatchObject({
			message: 'The Personal Access Token may not send test events',
		});
		const provider = { __rl: true, mode: 'name', value: 'XERT' };
		expect(await failureOf(send({ testType: 'sleep', provider }))).toMatchObject({
			message: 'Terra cannot generate sleep events for XERT',
		});
		stage.sandbox.settings.adminVersion = '2026.09';
		expect(await failureOf(send())).toMatchObject({
			message: "This version of Terra's Admin API has no test events",
		});
	});

	it.each([
		['nothing', {}],
		['an error', { status: 'error', message: 'no' }],
		['a receipt', { status: 'success' }],
	])('does not accept %s as success', async (_case, body) => {
		stage.sandbox.setDestination(OURS);
		stage.sandbox.faults.add({ kind: 'status', status: 202, path: /generate/, body });
		expect(await failureOf(send())).toMatchObject({
			message: "Terra's Admin API did not create the event",
		});
	});
});
