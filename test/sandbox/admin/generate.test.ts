import { DATA_TYPES } from '../../../sandbox/types';
import { rider } from '../api';
import { ACTIVITY_FIELDS, unknownFields } from '../fields';
import type { Setup, Extra } from './client';
import { DESTINATIONS, startSetup } from './client';

let setup: Setup;
beforeEach(async () => {
	setup = await startSetup();
});
afterEach(async () => await setup.close());

const make = async (fields: object = {}) =>
	(await setup.admin('POST', DESTINATIONS, { config: { url: setup.receiver.url }, ...fields })).json
		.id as string;
const generate = async (fields: object, extra?: Extra) =>
	await setup.admin('POST', '/webhook-events/generate', fields, extra);
const arrived = async () => {
	await setup.sandbox.settled();
	return setup.receiver.received.map(({ json }) => json as any);
};

it('sends one activity from the provider, with an ID that the log knows', async () => {
	await make();
	const { status, json } = await generate({ type: 'activity', provider: 'xert' });
	expect({ status, json }).toEqual({
		status: 202,
		json: {
			event_id: expect.any(String),
			user_id: expect.any(String),
			reference_id: expect.any(String),
			type: 'activity',
			provider: 'xert',
			destination_id: null,
			dispatched: true,
			payload: expect.objectContaining({ type: 'activity' }),
		},
	});
	const [event] = await arrived();
	expect(event).toEqual(json.payload);
	expect(event).toMatchObject({
		synthetic: true,
		user: { user_id: json.user_id, provider: 'XERT', reference_id: json.reference_id },
	});
	expect(unknownFields(event.data[0], ACTIVITY_FIELDS)).toEqual([]);
	expect(event.data[0].heart_rate_data.detailed.hr_samples).toHaveLength(3600);
	expect((await setup.admin('GET', `/webhook-events/${json.event_id}`)).status).toBe(200);
	expect((await setup.admin('GET', `/events/${json.event_id}`)).status).toBe(200);
});

it.each(DATA_TYPES)('can generate %s', async (type) => {
	await make();
	expect((await generate({ type, provider: 'garmin', samples: false })).status).toBe(202);
	const [event] = await arrived();
	expect(event).toMatchObject({ type, data: [{ metadata: {} }] });
});

it('uses the given user, time and samples option', async () => {
	await make();
	const [user] = setup.sandbox.users;
	await generate({
		type: 'activity',
		user_id: rider(setup.sandbox),
		start_time: '2026-11-01T10:00:00Z',
		samples: false,
	});
	await generate({ type: 'daily', reference_id: 'club-7' });
	const [ride, day] = await arrived();
	expect(ride.user).toMatchObject({ reference_id: user?.reference_id, provider: null });
	expect(Date.parse(ride.data[0].metadata.start_time)).toBe(Date.UTC(2026, 10, 1, 10));
	expect(ride.data[0].heart_rate_data.detailed.hr_samples).toEqual([]);
	expect(day.user.reference_id).toBe('club-7');
});

it('sends to every destination that wants the event, or to the given one', async () => {
	const first = await make();
	await make();
	await make({ event_types: ['sleep'] });
	await generate({ type: 'activity' });
	expect(await arrived()).toHaveLength(2);
	expect((await generate({ type: 'activity', destination_id: first })).json.destination_id).toBe(
		first,
	);
	expect(await arrived()).toHaveLength(3);
	expect(setup.sandbox.ledger.at(-1)?.destinationId).toBe(first);
});

it('sends a ping if the destination wants pings', async () => {
	await make({ config: { url: setup.receiver.url, delivery: 'ping' } });
	const { json } = await generate({ type: 'activity' });
	expect(await arrived()).toMatchObject([{ type: 's3_payload' }]);
	const stored = await setup.admin('GET', `/webhook-events/${json.event_id}/payload`);
	expect(stored.json).toEqual(json.payload);
});

it('returns the event in a dry run without sending it', async () => {
	await make();
	const { json } = await generate({ type: 'activity' }, { query: { dry_run: true } });
	expect(json).toMatchObject({
		dry_run: true,
		would: 'generate',
		preview: { dispatched: false, payload: { data: [{ metadata: {} }] } },
	});
	expect(await arrived()).toEqual([]);
});

it('sends once for each Idempotency-Key', async () => {
	await make();
	const extra = { headers: { 'idempotency-key': 'once' } };
	const first = await generate({ type: 'activity' }, extra);
	expect((await generate({ type: 'activity' }, extra)).json).toEqual(first.json);
	expect(await arrived()).toHaveLength(1);
	expect((await generate({ type: 'daily' }, extra)).json.code).toBe('idempotency_key_reuse');
});

it.each<[string, object]>([
	['type', {}],
	['type', { type: 'athlete' }],
	['provider', { type: 'activity', provider: 'pedals' }],
	['provider', { type: 'sleep', provider: 'xert' }],
	['user_id', { type: 'activity', user_id: 'rider-1' }],
	['start_time', { type: 'activity', start_time: 'yesterday' }],
	['samples', { type: 'activity', samples: 'no' }],
	['destination_id', { type: 'activity', destination_id: 5 }],
])('is refused for an invalid %s: %j', async (field, fields) => {
	await make();
	const refused = await generate(fields);
	expect(refused).toMatchObject({ status: 400, json: { code: 'validation_failed' } });
	expect(refused.json.errors).toEqual([expect.stringMatching(`^${field}: `)]);
});

it.each([false, true])(
	'needs a destination that accepts the event (dry run: %s)',
	async (dryRun) => {
		const extra = { query: { dry_run: dryRun } };
		const refused = { status: 422, json: { code: 'unsupported_operation' } };
		expect(await generate({ type: 'activity' }, extra)).toMatchObject(refused);
		const off = await make({ active: false });
		const sleep = await make({ event_types: ['sleep'] });
		for (const id of [off, sleep])
			expect(await generate({ type: 'activity', destination_id: id }, extra)).toMatchObject(
				refused,
			);
		expect(await generate({ type: 'activity', destination_id: '1' }, extra)).toMatchObject({
			status: 404,
			json: { code: 'not_found' },
		});
	},
);
