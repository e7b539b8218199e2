import type { Setup, Extra } from './client';
import { DESTINATIONS, startSetup } from './client';

let setup: Setup;
beforeEach(async () => {
	setup = await startSetup();
});
afterEach(async () => await setup.close());

const config = (fields: object = {}) => ({ config: { url: setup.receiver.url, ...fields } });
const make = async (fields: object = config(), extra?: Extra) =>
	await setup.admin('POST', DESTINATIONS, fields, extra);
const change = async (id: string, fields: unknown, extra?: Extra) =>
	await setup.admin('PATCH', `${DESTINATIONS}/${id}`, fields, extra);
const list = async () => (await setup.admin('GET', DESTINATIONS)).json.data;

describe('a new destination', () => {
	it('is returned whole with its secret, but as a summary in the list', async () => {
		const made = await make({ type: 'webhook', event_types: ['activity'], ...config() });
		expect(made.status).toBe(201);
		const summary = {
			id: expect.stringMatching(/^\d{19}$/),
			type: 'webhook',
			url: setup.receiver.url,
			active: true,
			event_types: ['activity'],
		};
		const whole = {
			...summary,
			configured: true,
			missing: [],
			config: { url: setup.receiver.url, delivery: 'push' },
		};
		expect(made.json).toEqual({
			...whole,
			signing_secret: expect.stringMatching(/^[0-9a-f]{64}$/),
		});
		expect((await setup.admin('GET', `${DESTINATIONS}/${made.json.id}`)).json).toEqual(whole);
		expect(await list()).toEqual([summary]);
	});

	it('can be created in the older form', async () => {
		const made = await make({ url: setup.receiver.url, metadata: 'a note' });
		expect(made).toMatchObject({ status: 201, json: { config: { url: setup.receiver.url } } });
	});

	it('can be a draft, and be activated once complete', async () => {
		const { status, json } = await make({ active: false });
		expect({ status, json }).toMatchObject({
			status: 201,
			json: { active: false, configured: false, missing: ['config.url'], config: { url: null } },
		});
		expect((await change(json.id, { active: true })).json.errors).toEqual([
			'config.url: is required for an active destination',
		]);
		const complete = await change(json.id, { active: true, ...config() });
		expect(complete.json).toMatchObject({ active: true, configured: true, missing: [] });
	});

	it('has a password only in its config', async () => {
		const url = 'https://coach:secret@n8n.example/hook';
		const { json } = await make({ config: { url } });
		expect(json).toMatchObject({ url: 'https://n8n.example/hook', config: { url } });
	});

	it.each<[string, () => object]>([
		['config.url', () => ({})],
		['config.url', () => ({ config: {} })],
		['config.url', () => ({ config: { url: 'n8n.local' } })],
		['config.url', () => ({ config: { url: 'ftp://n8n.local' } })],
		['config.delivery', () => config({ delivery: 'pull' })],
		['config.headers', () => config({ headers: {} })],
		['config', () => ({ config: 'https://n8n.example' })],
		['url', () => ({ ...config(), url: setup.receiver.url })],
		['metadata', () => ({ ...config(), metadata: 'a note' })],
		['url', () => ({ url: 'n8n.local' })],
		['type', () => ({ ...config(), type: 's3' })],
		['event_types', () => ({ ...config(), event_types: ['activities'] })],
		['active', () => ({ ...config(), active: 'yes' })],
		['signing_secret_source', () => ({ ...config(), signing_secret_source: 'me' })],
	])('is refused for an invalid %s (case %#)', async (field, fields) => {
		const answer = await make(fields());
		expect(answer).toMatchObject({ status: 400, json: { code: 'validation_failed' } });
		expect(answer.json.errors).toEqual([expect.stringMatching(`^${field}: `)]);
		expect(answer.headers.get('content-type')).toContain('application/problem+json');
		expect(await list()).toEqual([]);
	});

	it.each([
		[409, 'conflict'],
		[403, 'access_denied'],
	] as const)(
		'is refused with %i if another exists and only one is allowed',
		async (status, code) => {
			setup.sandbox.settings.secondDestinationStatus = status;
			expect((await make()).status).toBe(201);
			expect(await make()).toMatchObject({ status, json: { code } });
		},
	);
});

describe('a change', () => {
	it('moves the destination and keeps its ID, secret and everything else', async () => {
		const { json } = await make({ ...config({ delivery: 'ping' }), event_types: ['activity'] });
		await change(json.id, { config: { url: 'https://elsewhere.example/hook' } });
		const moved = await change(json.id, { config: { url: `${setup.receiver.url}?moved` } });
		const { signing_secret: secret, ...before } = json;
		const url = `${setup.receiver.url}?moved`;
		expect(moved.json).toEqual({ ...before, url, config: { url, delivery: 'ping' } });

		await setup.sandbox.send({ type: 'activity' }, { timestampSeconds: 1 });
		await setup.sandbox.send({ type: 'activity' }, { timestampSeconds: 1, secret });
		const [own, signed] = setup.receiver.received;
		expect(own?.headers['x-terra-signature']).toBe(signed?.headers['x-terra-signature']);
	});

	it('replaces the event types and resets fields that are null', async () => {
		const { json } = await make({ ...config({ delivery: 'ping' }), event_types: ['activity'] });
		const changed = await change(json.id, { event_types: ['sleep'], config: { delivery: null } });
		expect(changed.json).toMatchObject({
			event_types: ['sleep'],
			config: { url: setup.receiver.url, delivery: 'push' },
		});
	});

	it.each<[string, object]>([
		['url', { url: 'https://n8n.example' }],
		['type', { type: 's3' }],
		['signing_secret_source', { signing_secret_source: 'environment' }],
		['config.url', { config: { url: null } }],
		['config.timeout', { config: { timeout: 5 } }],
		['event_types', { event_types: ['activities'] }],
	])('of %s to an invalid value is refused: %j', async (field, fields) => {
		const { json } = await make();
		const refused = await change(json.id, fields);
		expect(refused).toMatchObject({ status: 400, json: { code: 'validation_failed' } });
		expect(refused.json.errors).toEqual([expect.stringMatching(`^${field}: `)]);
	});

	it('of any kind restarts the count of failures', async () => {
		const { json } = await make();
		const fail = async () => {
			setup.receiver.answers = [500];
			await setup.sandbox.send({ type: 'activity' }, { retries: false });
		};
		const isActive = async () => (await list())[0].active;
		await fail();
		setup.time.now += 23 * 3_600_000;
		await change(json.id, { event_types: [] });
		setup.time.now += 2 * 3_600_000;
		await fail();
		expect(await isActive()).toBe(true);

		setup.time.now += 25 * 3_600_000;
		await fail();
		expect(await isActive()).toBe(false);
		await change(json.id, { active: true });
		await fail();
		expect(await isActive()).toBe(true);
	});
});

it('each destination gets the data or a ping, as configured', async () => {
	await make(config({ delivery: 'ping' }));
	await make(config({ delivery: 'push' }));
	await setup.sandbox.finishRide({ durationSeconds: 60 });
	await setup.sandbox.settled();
	expect(setup.receiver.received.map(({ json }) => json['type']).sort()).toEqual([
		'activity',
		's3_payload',
	]);
});

it('a deleted destination no longer exists', async () => {
	const { json } = await make();
	const gone = await setup.admin('DELETE', `${DESTINATIONS}/${json.id}`);
	expect(gone).toMatchObject({ status: 204, text: '' });
	for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
		const body = method === 'PATCH' ? {} : undefined;
		const answer = await setup.admin(method, `${DESTINATIONS}/${json.id}`, body);
		expect(answer).toMatchObject({ status: 404, json: { code: 'not_found' } });
	}
});

describe('a dry run', () => {
	const dry = { query: { dry_run: true } };

	it('of a new destination returns no ID or secret, and creates nothing', async () => {
		const { status, json } = await make(config(), dry);
		expect({ status, json }).toMatchObject({
			status: 200,
			json: { dry_run: true, would: 'create', preview: { will_return_signing_secret: true } },
		});
		expect(json.preview).not.toHaveProperty('id');
		expect(json.preview).not.toHaveProperty('signing_secret');
		expect(await list()).toEqual([]);
		expect((await make({}, dry)).status).toBe(400);
		const environment = { ...config(), signing_secret_source: 'environment' };
		expect((await make(environment, dry)).json.preview.will_return_signing_secret).toBe(false);
	});

	it('of a change or a deletion changes nothing', async () => {
		const { json } = await make();
		const paused = await change(json.id, { active: false }, dry);
		expect(paused.json).toMatchObject({ would: 'update', preview: { active: false } });
		const gone = await setup.admin('DELETE', `${DESTINATIONS}/${json.id}`, undefined, dry);
		expect(gone.json).toMatchObject({ would: 'delete', preview: { id: json.id } });
		expect(await list()).toMatchObject([{ active: true }]);
	});
});

describe('an Idempotency-Key', () => {
	const extra = { headers: { 'idempotency-key': 'once' } };

	it('creates one destination, and returns its secret only the first time', async () => {
		const first = await make(config(), extra);
		const again = await make(config(), extra);
		expect(again).toMatchObject({ status: 201, json: { ...first.json, signing_secret: null } });
		expect(await list()).toHaveLength(1);
	});

	it('belongs to one request', async () => {
		const { json } = await make(config(), extra);
		const reuse = { status: 409, json: { code: 'idempotency_key_reuse' } };
		expect(await make({ ...config(), active: false }, extra)).toMatchObject(reuse);
		expect(await change(json.id, config(), extra)).toMatchObject(reuse);
	});

	it('can be used again after an error or a dry run', async () => {
		expect((await make({}, extra)).status).toBe(400);
		expect((await make(config(), { ...extra, query: { dry_run: true } })).status).toBe(200);
		expect((await make(config(), extra)).status).toBe(201);
	});
});
