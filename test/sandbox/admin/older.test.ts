import { call } from '../api';
import type { Setup, Extra } from './client';
import { startSetup } from './client';

let setup: Setup;
let sandbox: Setup['sandbox'];
let receiver: Setup['receiver'];

beforeEach(async () => {
	setup = await startSetup('2026.09');
	({ sandbox, receiver } = setup);
});
afterEach(async () => await setup.close());

async function admin(method: string, path = '', body?: unknown, extra: Extra = {}) {
	const where = path.startsWith('/webhook-events') ? path : `/unified-api/destinations${path}`;
	return await setup.admin(method, where, body, extra);
}

const make = async (fields: object = {}, extra?: Extra) =>
	await admin('POST', '', { url: receiver.url, ...fields }, extra);

describe('a destination', () => {
	it('returns its secret once, and signs with it', async () => {
		const made = await make({ event_types: ['activity', 'deauth'] });
		expect(made.status).toBe(201);
		expect(made.json).toMatchObject({
			type: 'webhook',
			url: receiver.url,
			active: true,
			event_types: ['activity', 'deauth'],
			signing_secret: expect.any(String),
		});
		const one = await admin('GET', `/${made.json.id}`);
		expect(one.json).not.toHaveProperty('signing_secret');
		expect((await admin('GET')).text).not.toContain(made.json.signing_secret);

		await sandbox.send({ type: 'activity' }, { timestampSeconds: 1 });
		const own = receiver.received[0]?.headers['x-terra-signature'];
		await sandbox.send(
			{ type: 'activity' },
			{ timestampSeconds: 1, secret: made.json.signing_secret, destinationUrl: receiver.url },
		);
		expect(own).toBe(receiver.received[1]?.headers['x-terra-signature']);
	});

	it('receives only its event types, under its own secret and trace ID', async () => {
		sandbox.setDestination(receiver.url);
		await make({ event_types: ['lab_report'] });
		await sandbox.send({ type: 'activity' }, { traceId: 'first' });
		expect(receiver.received).toHaveLength(1);
		await sandbox.send({ type: 'lab_report.completed' }, { traceId: 'second' });
		expect(receiver.received).toHaveLength(3);
		const both = receiver.received.slice(1).map(({ headers }) => headers);
		expect(new Set(both.map((headers) => headers['x-terra-trace-id'])).size).toBe(2);
		expect(new Set(both.map((headers) => headers['x-terra-signature'])).size).toBe(2);
	});

	it('can be switched off and on and given other event types, but never moved', async () => {
		const { json } = await make({ event_types: ['sleep'] });
		const changed = await admin('PATCH', `/${json.id}`, { active: false, event_types: [] });
		expect(changed.json).toMatchObject({ active: false, event_types: [] });
		await expect(sandbox.send({ type: 'activity' })).rejects.toThrow('No destination');
		await admin('PATCH', `/${json.id}`, { active: true });
		await sandbox.send({ type: 'activity' });
		expect(receiver.received).toHaveLength(1);
		const moved = await admin('PATCH', `/${json.id}`, { url: 'https://example.com' });
		expect(moved).toMatchObject({ status: 400, json: { detail: 'url: cannot be changed' } });
	});

	it('no longer exists after DELETE, which has a dry run', async () => {
		const { json } = await make();
		const rehearsal = await admin('DELETE', `/${json.id}`, undefined, {
			query: { dry_run: 'true' },
		});
		expect(rehearsal.status).toBe(200);
		expect((await admin('GET')).json.data).toHaveLength(1);
		const gone = await admin('DELETE', `/${json.id}`);
		expect(gone).toMatchObject({ status: 204, text: '' });
		expect((await admin('DELETE', `/${json.id}`)).status).toBe(404);
		expect((await admin('GET', `/${json.id}`)).status).toBe(404);
		expect((await admin('PATCH', `/${json.id}`, { active: true })).status).toBe(404);
	});

	it.each<[string, object]>([
		['url', { url: 'n8n.local' }],
		['url', { url: 5 }],
		['event_types', { event_types: ['activities'] }],
		['event_types', { event_types: 'activity' }],
		['active', { active: 'yes' }],
		['webhook', { type: 'sql' }],
	])('is refused for an invalid %s: %j', async (word, fields) => {
		const answer = await make(fields);
		expect(answer.status).toBe(400);
		expect(answer.json.detail).toContain(word);
	});

	it.each([409, 403] as const)(
		'is refused with %i if another exists and only one is allowed',
		async (status) => {
			sandbox.settings.secondDestinationStatus = status;
			expect((await make()).status).toBe(201);
			const second = await make({ url: `${receiver.url}/2` });
			expect(second.status).toBe(status);
			expect(second.headers.get('content-type')).toContain('application/problem+json');
		},
	);
});

it('repeats the first answer for the same Idempotency-Key', async () => {
	const extra = { headers: { 'idempotency-key': 'once' } };
	const first = await make({}, extra);
	const again = await make({}, extra);
	expect(again.json).toEqual(first.json);
	expect((await admin('GET')).json.data).toHaveLength(1);
	expect((await make({ active: false }, extra)).status).toBe(409);
});

it('lists destinations in pages', async () => {
	for (let count = 0; count < 5; count++) await make({ url: `${receiver.url}/${count}` });
	const first = await admin('GET', '', undefined, { query: { limit: 3 } });
	expect(first.json).toMatchObject({ has_more: true, data: { length: 3 } });
	const cursor = first.json.next_cursor;
	const second = await admin('GET', '', undefined, { query: { limit: 3, cursor } });
	expect(second.json).toMatchObject({ has_more: false, next_cursor: null, data: { length: 2 } });
});

describe('a token', () => {
	it('must be known and not expired', async () => {
		sandbox.addAdminToken('terra_at_week', { expiresAt: setup.time.now + 1000 });
		expect((await admin('GET', '', undefined, { token: 'terra_at_week' })).status).toBe(200);
		setup.time.now += 1000;
		expect((await admin('GET', '', undefined, { token: 'terra_at_week' })).status).toBe(401);
		expect((await admin('GET', '', undefined, { token: 'wrong' })).status).toBe(401);
		expect((await admin('GET', '', undefined, { headers: { authorization: '' } })).status).toBe(
			401,
		);
	});

	it('must have the scope', async () => {
		sandbox.addAdminToken('terra_at_read', { scopes: ['destinations:read'] });
		expect((await admin('GET', '', undefined, { token: 'terra_at_read' })).status).toBe(200);
		const refused = await make({}, { token: 'terra_at_read' });
		expect(refused.status).toBe(403);
		expect(refused.json.detail).toContain('destinations:write');
	});

	it('is valid only for its own environment, and not for the data API', async () => {
		expect((await admin('GET', '', undefined, { environment: 'other' })).status).toBe(404);
		const headers = { authorization: `Bearer ${sandbox.adminToken}` };
		expect((await call(sandbox, '/subscriptions', {}, { headers })).status).toBe(401);
	});
});

it('lists what was sent, and resends it', async () => {
	sandbox.setDestination(receiver.url);
	const { delivery } = await sandbox.finishRide();
	const log = await admin('GET', '/webhook-events');
	expect(log.json.data).toMatchObject([
		{
			id: delivery?.traceId,
			type: 'activity',
			status: 'accepted',
			attempts: 1,
			last_status_code: 200,
		},
	]);
	const accepted = await admin('POST', '/webhook-events/resend', {
		event_ids: [delivery?.traceId],
	});
	expect(accepted.status).toBe(202);
	await sandbox.settled();
	expect(receiver.received.map(({ headers }) => headers['x-terra-trace-id'])).toEqual([
		delivery?.traceId,
		delivery?.traceId,
	]);
	expect((await admin('POST', '/webhook-events/resend', { event_ids: ['?'] })).status).toBe(404);
	expect((await admin('POST', '/webhook-events/resend', {})).status).toBe(400);
});

it('answers newer paths with a bare 404, like any unknown path', async () => {
	const { json } = await make();
	for (const [method, path] of [
		['GET', `/${json.id}/secrets`],
		['POST', `/${json.id}/signing-secret/rotate`],
		['GET', '/webhook-events/stats'],
		['GET', '/webhook-events/x/payload'],
	] as const)
		expect(await admin(method, path)).toMatchObject({ status: 404, text: '' });
	expect(await setup.ask('GET', '/me')).toMatchObject({ status: 404, text: '' });
	expect(await setup.admin('GET', '/api-key')).toMatchObject({ status: 404, text: '' });
	expect((await admin('GET', '/nobody')).json).not.toHaveProperty('code');
});
