import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Answer } from './api';
import { call, rider } from './api';
import { Receiver } from './receiver';

let sandbox: Sandbox;
let receiver: Receiver;

beforeAll(async () => {
	receiver = await new Receiver().start();
	sandbox = await startSandbox({ timeScale: 1_000_000 });
});
afterAll(async () => {
	await sandbox.close();
	await receiver.stop();
});

const control = async (method: string, path: string, body?: unknown): Promise<Answer> =>
	await call(sandbox, path, {}, { method, body, base: `${sandbox.url}/sandbox`, headers: {} });

it('serves one page without external resources', async () => {
	const page = await call(sandbox, '/', {}, { base: sandbox.url });
	expect(page.headers.get('content-type')).toContain('text/html');
	expect(page.text).toContain('<title>Terra sandbox</title>');
	expect(page.text).not.toMatch(/(src|href)="(?!data:)/);
});

it('can be controlled from another process', async () => {
	const saved = await control('POST', '/destination', { url: receiver.url });
	expect(saved.json.destination).toBe(receiver.url);

	const ride = await control('POST', '/rides', {
		userId: rider(sandbox),
		durationSeconds: 60,
		indoor: true,
	});
	expect(ride.json).toMatchObject({
		activity: { metadata: { type: 18 } },
		delivery: { outcome: 'accepted', attempts: [{ responseBody: 'answer 1' }] },
	});

	const { summary_id: summaryId } = ride.json.activity.metadata;
	const change = { metadata: { name: 'Renamed' } };
	const update = await control('POST', '/updates', { userId: rider(sandbox), summaryId, change });
	expect(update.json.activity.metadata).toMatchObject({ summary_id: summaryId, name: 'Renamed' });

	const forged = await control('POST', '/events', {
		event: { type: 'activity' },
		options: { signature: 't=1,v1=0', bodyText: '{"type":"activity"} ', retries: false },
	});
	expect(forged.json).toMatchObject({ type: 'activity', bytes: 20 });
	expect(receiver.received.at(-1)?.headers['x-terra-signature']).toBe('t=1,v1=0');

	const again = await control('POST', '/resend', { traceId: ride.json.delivery.traceId });
	expect(again.json.outcome).toBe('accepted');
	expect(receiver.received).toHaveLength(4);

	const { json } = await control('GET', '/state');
	expect(json.users).toHaveLength(4);
	expect(json.deliveries.map(({ traceId }: { traceId: string }) => traceId)).toEqual(
		[ride, update]
			.map(({ json }) => json.delivery.traceId)
			.concat(forged.json.traceId, again.json.traceId)
			.reverse(),
	);
});

it('connects and disconnects users, and stops answering for a while', async () => {
	const { json } = await control('POST', '/connect', { reference_id: 'rider-9' });
	expect(json).toMatchObject({ user: { reference_id: 'rider-9' }, delivery: { type: 'auth' } });
	const { user_id: userId } = json.user;
	const gone = await control('POST', '/disconnect', { userId });
	expect(gone.json.delivery).toMatchObject({ type: 'deauth', outcome: 'accepted' });
	expect(sandbox.users).toHaveLength(4);

	await control('POST', '/silence', { seconds: 60 });
	expect((await call(sandbox, '/subscriptions')).status).toBe(503);
	const state = await control('POST', '/silence', { seconds: 0 });
	expect(state.json).toMatchObject({ silentSeconds: 0 });
	expect((await call(sandbox, '/subscriptions')).status).toBe(200);
});

it('describes what happened and what was answered', async () => {
	receiver.answers = [404];
	const { json } = await control('POST', '/rides', { userId: rider(sandbox) });
	const { summary_id: summaryId } = json.activity.metadata;
	const change = { metadata: { upload_type: 4 } };
	await control('POST', '/updates', { userId: rider(sandbox), summaryId, change });
	await sandbox.settled();
	const { deliveries, users } = (await control('GET', '/state')).json;
	expect(deliveries.slice(0, 2)).toMatchObject([
		{ what: expect.stringMatching(/: deleted$/), athlete: 'rider-1', tone: 'good' },
		{ what: expect.stringMatching(/, [\d.]+ km$/), answer: expect.stringMatching(/^Accepted: “/) },
	]);
	expect(users[0].lastRide).toMatchObject({ summaryId, isDeleted: true });
});

it('says that a delivery starts nothing if the trigger left it out', async () => {
	receiver.text = 'filtered: shorter than the minimum distance';
	await control('POST', '/rides', { userId: rider(sandbox) });
	await sandbox.settled();
	const { deliveries } = (await control('GET', '/state')).json;
	expect(deliveries[0]).toMatchObject({
		answer: 'Accepted, but it starts nothing: “filtered: shorter than the minimum distance”',
		tone: 'wait',
	});
});

it('changes settings, users and faults from another process', async () => {
	await control('PATCH', '/settings', { userInfoByReference: 'user' });
	expect(sandbox.settings.userInfoByReference).toBe('user');
	const added = await control('POST', '/users', { provider: 'WAHOO', reference_id: 'new' });
	expect(sandbox.users.at(-1)).toEqual(added.json);
	await control('POST', '/faults', { kind: 'status', status: 418, path: '/subscriptions' });
	expect((await call(sandbox, '/subscriptions')).status).toBe(418);
	await control('DELETE', '/faults');
	expect((await call(sandbox, '/subscriptions')).status).toBe(200);
	const { json } = await control('GET', '/requests');
	expect(json.at(-1)).toMatchObject({ path: '/api/v2/subscriptions', status: 200 });
});

it('adds and removes tokens from another process', async () => {
	const statusOf = async (token: string) =>
		(
			await call(
				sandbox,
				`/environments/${sandbox.devId}/unified-api/destinations`,
				{},
				{ base: sandbox.adminBase, headers: { authorization: `Bearer ${token}` } },
			)
		).status;
	await control('POST', '/tokens', { token: 'terra_at_all', expiresAt: null });
	await control('POST', '/tokens', { token: 'terra_at_few', scopes: ['events:read'] });
	await control('POST', '/tokens', { token: 'terra_at_old', expiresAt: 0 });
	expect(await statusOf('terra_at_all')).toBe(200);
	expect(await statusOf('terra_at_few')).toBe(403);
	expect(await statusOf('terra_at_old')).toBe(401);
	await control('DELETE', '/tokens', { token: 'terra_at_all' });
	expect(await statusOf('terra_at_all')).toBe(401);
});

it.each<[string, string, unknown]>([
	['a user who does not exist', '/rides', { userId: 'nobody' }],
	['a ride that does not exist', '/updates', { userId: 'nobody', summaryId: 'x' }],
	['an address that is none', '/destination', { url: 'n8n' }],
	['a delivery that does not exist', '/resend', { traceId: 'x' }],
	['a token without one', '/tokens', { scopes: [] }],
])('says what is wrong with %s', async (_name, path, body) => {
	const answer = await control('POST', path, body);
	expect(answer.status).toBe(400);
	expect(answer.json.detail).toMatch(/nobody|URL|trace ID|token/);
});
