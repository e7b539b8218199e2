import { Terra, TerraClient, verifyTerraWebhookSignature } from 'terra-api';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { rider } from './api';
import type { Received } from './receiver';
import { Receiver } from './receiver';

/** Terra's own client, as an independent reader of the same contract. */
let sandbox: Sandbox;
let receiver: Receiver;
let client: TerraClient;

beforeAll(async () => {
	receiver = await new Receiver().start();
	sandbox = await startSandbox();
	sandbox.setDestination(receiver.url);
	client = new TerraClient({
		baseUrl: sandbox.apiBase,
		devId: sandbox.devId,
		apiKey: sandbox.apiKey,
	});
});

afterAll(async () => {
	await sandbox.close();
	await receiver.stop();
});

const today = () => new Date().toISOString().slice(0, 10);
const daysAgo = (days: number) =>
	new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

describe('reading with the official SDK', () => {
	const window = () => ({ start_date: daysAgo(14), end_date: today(), to_webhook: false });

	it.each(['activity', 'body', 'daily', 'menstruation', 'nutrition', 'sleep'] as const)(
		'fetches %s of a user who has it',
		async (type) => {
			const answer = await client[type].fetch({ user_id: rider(sandbox, 3), ...window() });
			const { data, user } = answer as { data: object[]; user: Terra.TerraUser };
			expect(user.provider).toBe('GARMIN');
			expect(data.length).toBeGreaterThan(5);
		},
	);

	it('fetches an athlete', async () => {
		const answer = await client.athlete.fetch({ user_id: rider(sandbox), to_webhook: false });
		expect(answer).toMatchObject({ athlete: { first_name: 'Mireia' } });
	});

	it('accepts dates in seconds', async () => {
		const start = Math.floor(Date.parse(daysAgo(14)) / 1000);
		const request = { user_id: rider(sandbox), start_date: start, to_webhook: false };
		const answer = await client.activity.fetch({ ...request, end_date: start + 7 * 86_400 });
		expect((answer as { data: object[] }).data.length).toBeGreaterThan(0);
	});

	it('throws the SDK’s own errors', async () => {
		const nobody = { user_id: '00000000-0000-4000-8000-000000000000', start_date: today() };
		await expect(client.activity.fetch(nobody)).rejects.toBeInstanceOf(Terra.NotFoundError);
		const moment = { user_id: rider(sandbox), start_date: `${today()}T10:00:00` };
		await expect(client.activity.fetch(moment)).rejects.toBeInstanceOf(Terra.BadRequestError);
		const stranger = new TerraClient({ baseUrl: sandbox.apiBase, devId: 'other', apiKey: 'x' });
		await expect(stranger.activity.fetch(nobody)).rejects.toBeInstanceOf(Terra.UnauthorizedError);
	});
});

describe('users, sources and connecting with the official SDK', () => {
	it('lists users, whole and by page', async () => {
		const all = await client.user.getalluserids();
		expect(all).toMatchObject({ users: { length: 4 } });
		const page = await client.user.getalluserids({ page: 1, per_page: 3 });
		expect(page).toMatchObject({ data: { next: null, max_page: 1, results: { length: 1 } } });
	});

	it('finds users by their IDs and by reference', async () => {
		const userId = rider(sandbox);
		const one = await client.user.getinfoforuserid({ user_id: userId });
		expect(one).toMatchObject({ user: { user_id: userId }, is_authenticated: true });
		const referenced = await client.user.getinfoforuserid({ reference_id: 'rider-2' });
		expect(referenced).toMatchObject([{ reference_id: 'rider-2' }]);
		const several = await client.user.getinfoformultipleuserids([userId, rider(sandbox, 1)]);
		expect(several.map((user) => user.user_id)).toEqual([userId, rider(sandbox, 1)]);
	});

	it('changes a reference ID', async () => {
		await client.user.modifyuser(rider(sandbox, 2), { reference_id: 'rider-three' });
		expect(sandbox.users[2]?.reference_id).toBe('rider-three');
	});

	it('lists sources', async () => {
		expect((await client.integrations.fetch()).providers).toContain('XERT');
		// The SDK always sends the key, for which the real endpoint answers with an empty list too.
		expect(await client.integrations.detailedfetch()).toEqual({ status: 'success', providers: [] });
	});

	it('connects a user in three ways', async () => {
		const link = await client.authentication.authenticateuser({ resource: 'XERT' });
		expect(link.auth_url).toContain(sandbox.url);
		const widget = await client.authentication.generatewidgetsession({ providers: 'XERT,GARMIN' });
		expect(widget).toMatchObject({ status: 'success', expires_in: 900 });
		expect((await client.authentication.generateauthtoken()).token).toBeTruthy();
	});

	it('disconnects a user', async () => {
		const user = sandbox.addUser({ reference_id: 'leaving' });
		await client.authentication.deauthenticateuser({ user_id: user.user_id });
		expect(sandbox.users).not.toContain(user);
		await sandbox.settled();
		expect(receiver.received.at(-1)?.json).toMatchObject({
			type: 'deauth',
			user: { user_id: user.user_id, active: false },
		});
	});
});

describe('the official signature verifier', () => {
	const last = (): Received => {
		const received = receiver.received.at(-1);
		if (!received) throw new Error('nothing was received');
		return received;
	};
	const verify = async (body: string, header: unknown, secret = sandbox.signingSecret) =>
		await verifyTerraWebhookSignature(body, String(header), secret);

	it("accepts the sandbox's deliveries, with either header name", async () => {
		await sandbox.finishRide({ withSamples: true, durationSeconds: 600 });
		const { body, headers } = last();
		await expect(verify(body.toString(), headers['x-terra-signature'])).resolves.toBe(true);
		await expect(verify(body.toString(), headers['terra-signature'])).resolves.toBe(true);
	});

	it('rejects a changed byte and another secret', async () => {
		await sandbox.finishRide();
		const { body, headers } = last();
		const text = body.toString();
		const header = headers['x-terra-signature'];
		await expect(verify(text.replace('XERT', 'XERU'), header)).rejects.toThrow();
		await expect(verify(text, header, 'another secret')).rejects.toThrow();
	});

	it('rejects forged and stale deliveries', async () => {
		await sandbox.send({ type: 'activity' }, { signature: 't=1,v1=00' });
		const forged = last();
		await expect(
			verify(String(forged.body), forged.headers['x-terra-signature']),
		).rejects.toThrow();
		const hourAgo = Math.floor(Date.now() / 1000) - 3600;
		await sandbox.send({ type: 'activity' }, { timestampSeconds: hourAgo });
		const stale = last();
		const header = String(stale.headers['x-terra-signature']);
		await expect(verify(String(stale.body), header)).rejects.toThrow();
		await expect(
			verifyTerraWebhookSignature(String(stale.body), header, sandbox.signingSecret, {
				tolerance: 7200,
			}),
		).resolves.toBe(true);
	});
});
