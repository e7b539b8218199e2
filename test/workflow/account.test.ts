import type { INodeParameters } from 'n8n-workflow';
import { runTerra } from '../support/n8nCore';
import { failureOf, setStage, type Stage } from './historySupport';

let stage: Stage;
beforeEach(async () => {
	stage = await setStage();
});
afterEach(async () => await stage.sandbox.close());

const run = async (operation: string, parameters: INodeParameters = {}, credential = {}) =>
	await runTerra({
		credential: { ...stage.credential, ...credential },
		parameters: { resource: 'account', operation, ...parameters },
	});

describe('Get Providers', () => {
	it('gets what is enabled in the environment, a row for each provider', async () => {
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

	it('never shows the API Key, with which the list would be empty', async () => {
		await run('getProviders');
		const [request] = stage.sandbox.requests;
		expect(request!.headers).toMatchObject({ 'dev-id': stage.credential.devId });
		expect(request!.headers).not.toHaveProperty('x-api-key');
	});

	it('says so when Terra cannot answer', async () => {
		stage.sandbox.faults.add({ kind: 'html', status: 502 });
		expect(await failureOf(run('getProviders'))).toMatchObject({
			message: 'Terra cannot answer just now',
		});
	});
});

describe('Check Set-Up', () => {
	const lines = async (credential = {}, parameters: INodeParameters = {}) =>
		(await run('checkSetup', parameters, credential)).map(({ json }) => json);

	/** The line about one thing, with the status in front. */
	const about = async (check: string, credential = {}, parameters: INodeParameters = {}) => {
		const found = (await lines(credential, parameters)).find((line) => line.check === check);
		return `${found?.status as string}: ${found?.message as string} → ${found?.next as string}`;
	};
	const admin = () => ({
		adminToken: stage.sandbox.adminToken,
		adminBaseUrl: stage.sandbox.adminBase,
	});

	it('says of each step whether it is right, and asks for nothing where it is', async () => {
		stage.sandbox.setDestination('https://n8n.example/webhook/1');
		const found = await lines({ ...admin(), signingSecrets: stage.sandbox.signingSecret });
		expect(found.map(({ check, status }) => [check, status])).toEqual([
			['Credential', 'ok'],
			['Xert Source', 'ok'],
			['Xert Users', 'ok'],
			['Activity Data', 'ok'],
			['Last Data', 'unknown'],
			['Signing Secret', 'unknown'],
			['Webhook', 'ok'],
		]);
		for (const { status, message, next } of found) {
			expect(message).not.toBe('');
			if (status !== 'ok') expect(next).not.toBe('');
		}
	});

	it('tells a wrong key from all else, and does not go on with it', async () => {
		const found = await lines({ apiKey: 'wrong' });
		expect(found[0]).toMatchObject({
			status: 'problem',
			message: 'Terra refused the credential',
			next: expect.stringContaining('same environment'),
		});
		expect(found.filter(({ message }) => message === 'Not checked')).toHaveLength(3);
		expect(JSON.stringify(found)).not.toContain('"wrong"');
	});

	it('does not take silence for a wrong key', async () => {
		stage.sandbox.faults.add({ kind: 'reset' });
		expect(await about('Credential')).toMatch(/^unknown: Terra could not be reached/);
	});

	it('finds a provider that is not enabled', async () => {
		const provider = { __rl: true, mode: 'name', value: 'FITBIT' };
		expect(await about('Fitbit Source', {}, { provider })).toMatch(
			/^problem: Fitbit is not enabled → .*Connections → Sources/,
		);
	});

	it('finds that nobody is connected, or nobody any more', async () => {
		const provider = { __rl: true, mode: 'name', value: 'WAHOO' };
		expect(await about('Wahoo Users', {}, { provider })).toMatch(
			/^problem: Nobody is connected with Wahoo → .*Create Connection Link/,
		);
		expect(await about('Activity Data', {}, { provider })).toMatch(/^unknown: Not checked/);

		for (const user of stage.sandbox.users) user.active = false;
		expect(await about('Xert Users')).toMatch(/^problem: 3 connected, 3 of them no longer active/);
	});

	it('finds activity data switched off', async () => {
		stage.sandbox.settings.disabledDataTypes = ['activity'];
		expect(await about('Activity Data')).toMatch(
			/^problem: The data type activity is switched off → Enable it/,
		);
	});

	it('does not take activities of somebody else for those that were asked for', async () => {
		const user = { user_id: stage.sandbox.users[1]!.user_id };
		const body = { user, type: 'activity', data: [{ metadata: {} }] };
		stage.sandbox.faults.add({ kind: 'status', status: 200, path: '/activity', body });
		expect(await about('Activity Data')).toMatch(/: Terra answered with something else/);
	});

	it('tells when Terra last sent something', async () => {
		stage.sandbox.users[1]!.last_webhook_update = '2026-11-20T16:12:44.903000+00:00';
		expect(await about('Last Data')).toContain('2026-11-20T16:12:44');
	});

	it('points out that the trigger will want a signing secret', async () => {
		expect(await about('Signing Secret')).toMatch(/^unknown: The credential has none → .*⋯ → Edit/);
	});

	describe('of the webhook', () => {
		it('cannot tell without a token, and says where to look', async () => {
			expect(await about('Webhook')).toMatch(/^unknown: Not checked.*Connections → Destinations/);
		});

		it('finds none', async () => {
			expect(await about('Webhook', admin())).toMatch(/^problem: Terra has no webhook/);
		});

		it('finds one that Terra has switched off', async () => {
			stage.sandbox.setDestination('https://n8n.example/webhook/1');
			const url = `${stage.sandbox.adminBase}/environments/${stage.sandbox.devId}/unified-api/destinations`;
			const headers = {
				authorization: `Bearer ${stage.sandbox.adminToken}`,
				'content-type': 'application/json',
			};
			const { data } = (await (await fetch(url, { headers })).json()) as { data: [{ id: string }] };
			const patch = async (body: object) =>
				await fetch(`${url}/${data[0].id}`, {
					method: 'PATCH',
					headers,
					body: JSON.stringify(body),
				});
			await patch({ active: false });
			expect(await about('Webhook', admin())).toMatch(
				/^problem: The webhook is switched off: https:\/\/n8n\.example/,
			);

			await patch({ active: true, event_types: ['sleep'] });
			expect(await about('Webhook', admin())).toMatch(
				/^problem: The webhook does not receive activities/,
			);
		});

		it('finds a token that has expired, or is of somebody else', async () => {
			stage.sandbox.addAdminToken('expired', { expiresAt: 0 });
			expect(await about('Webhook', { ...admin(), adminToken: 'expired' })).toMatch(
				/^problem: Terra refused the Personal Access Token/,
			);
		});

		it('does not take silence for a mistake', async () => {
			const nowhere = { ...admin(), adminBaseUrl: 'http://127.0.0.1:1/api/v3/admin' };
			expect(await about('Webhook', nowhere)).toMatch(/^unknown: Terra's Admin API cannot/);
		});
	});
});
