import { rider } from '../api';
import type { Setup, Extra } from './client';
import { DESTINATIONS, startSetup, startListeningSetup } from './client';

const DAY_MS = 86_400_000;

let setup: Setup;
beforeEach(async () => {
	setup = await startListeningSetup();
});
afterEach(async () => await setup.close());

const events = async (query: Extra['query'] = {}, path = '') =>
	await setup.admin('GET', `/events${path}`, undefined, { query });
const rows = async (query?: Extra['query']) => (await events(query)).json.data as any[];
const send = async (type: string, options = {}) => await setup.sandbox.send({ type }, options);

it('lists each event with its deliveries and their attempts', async () => {
	const { delivery } = await setup.sandbox.finishRide({ durationSeconds: 60 });
	const row = {
		id: `evt_${delivery?.eventId.replaceAll('-', '')}`,
		type: 'unified_api.activity.updated',
		created_at: '2026-11-21T12:00:00.000Z',
		status: 'delivered',
		provider: 'xert',
		connection_id: expect.any(String),
		user_id: rider(setup.sandbox),
		reference_id: 'rider-1',
		deliveries: [
			{
				id: expect.stringMatching(/^dlv_/),
				destination_id: delivery?.destinationId,
				destination_type: 'webhook',
				destination_url: setup.receiver.url,
				status: 'delivered',
				created_at: '2026-11-21T12:00:00.000Z',
				attempts: [
					{
						attempt: 1,
						kind: 'first',
						sent_at: '2026-11-21T12:00:00.000Z',
						status: 'succeeded',
						http_status: 200,
						response_time_ms: expect.any(Number),
						error: null,
					},
				],
			},
		],
	};
	expect((await events()).json).toEqual({ data: [row], has_more: false, next_cursor: null });
	expect((await events({}, `/${row.id}`)).json).toEqual(row);
	expect((await events({}, `/${delivery?.eventId}`)).json).toEqual(row);
	expect((await events({}, `/${row.id}/payload`)).json).toEqual(setup.receiver.received[0]?.json);
	for (const path of ['/evt_1', '/evt_1/payload'])
		expect((await events({}, path)).json.code).toBe('not_found');
});

it('lists retries and resends as attempts of the same delivery', async () => {
	setup.receiver.answers = [500];
	const { delivery } = await setup.sandbox.finishRide({ durationSeconds: 60 });
	await setup.sandbox.settled();
	await setup.admin('POST', '/webhook-events/resend', {
		user_id: rider(setup.sandbox),
		event_id: delivery?.eventId,
		event_type: 'activity',
	});
	await setup.sandbox.settled();
	const [row] = await rows();
	expect(row.deliveries).toHaveLength(1);
	expect(
		row.deliveries[0].attempts.map(({ attempt, kind, http_status: status }: any) => [
			attempt,
			kind,
			status,
		]),
	).toEqual([
		[1, 'first', 500],
		[2, 'retry', 200],
		[3, 'resend', 200],
	]);
});

it('gives an event one status across its destinations', async () => {
	await setup.admin('POST', DESTINATIONS, { config: { url: 'http://127.0.0.1:9/nobody' } });
	await send('activity', { retries: false });
	const [row] = await rows();
	expect(row.status).toBe('failed');
	expect(row.deliveries.map(({ status }: any) => status)).toEqual(['delivered', 'failed']);
	expect(row.deliveries[1].attempts).toMatchObject([
		{ status: 'failed', http_status: null, error: 'ECONNREFUSED' },
	]);
	expect(await rows({ status: 'delivered' })).toEqual([]);
	expect(await rows({ status: 'failed,pending' })).toHaveLength(1);
});

it('lists an event that will be retried as pending', async () => {
	const slow = await startSetup();
	slow.receiver.answers = ['silence'];
	slow.sandbox.setDestination(slow.receiver.url);
	void slow.sandbox.send({ type: 'activity' });
	const status = async () => (await slow.admin('GET', '/events')).json.data[0]?.status;
	expect(await status()).toBe('pending');
	await slow.close();
});

it('can be filtered, using the type names in the list', async () => {
	await setup.sandbox.finishRide({ durationSeconds: 60 });
	await setup.sandbox.finishRide({ userId: rider(setup.sandbox, 3), durationSeconds: 60 });
	await send('deauth');
	await send('lab_report.completed');
	const typesOf = async (query: Extra['query']) => (await rows(query)).map(({ type }) => type);
	expect(await typesOf({})).toEqual([
		'lab_report.completed',
		'unified_api.deauth',
		'unified_api.activity.updated',
		'unified_api.activity.updated',
	]);
	expect(await typesOf({ type: 'unified_api.deauth' })).toHaveLength(1);
	expect(await typesOf({ provider: 'garmin' })).toHaveLength(1);
	expect(await typesOf({ user_id: rider(setup.sandbox) })).toHaveLength(1);
	expect(await typesOf({ reference_id: 'rider-1' })).toHaveLength(1);
	expect(await typesOf({ destination: '1' })).toEqual([]);
	expect((await events({ reference_id: 'nobody' })).status).toBe(404);
});

it('keeps events for thirty days, longer than the older log', async () => {
	const { eventId } = await send('activity');
	const since = new Date(setup.time.now).toISOString();
	setup.time.now += 20 * DAY_MS;
	expect(await rows()).toEqual([]);
	expect(await rows({ since })).toHaveLength(1);
	expect((await events({}, `/${eventId}/payload`)).status).toBe(200);
	setup.time.now += 11 * DAY_MS;
	expect(await rows({ since })).toEqual([]);
	expect((await events({}, `/${eventId}`)).status).toBe(404);
});

it('lists no events from before there was a destination', async () => {
	setup.sandbox.setDestination(null);
	await expect(send('activity')).rejects.toThrow();
	expect(await rows()).toEqual([]);
});

it('exists from version 2026.11', async () => {
	setup.sandbox.settings.adminVersion = '2026.10';
	expect(await events()).toMatchObject({ status: 404, text: '' });
	expect((await setup.admin('GET', '/webhook-events')).status).toBe(200);
});
