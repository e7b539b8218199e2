import { rider } from '../api';
import type { Desk, Extra } from './client';
import { DESTINATIONS, openDesk, openListeningDesk } from './client';

const DAY_MS = 86_400_000;

let desk: Desk;
beforeEach(async () => {
	desk = await openListeningDesk();
});
afterEach(async () => await desk.close());

const events = async (query: Extra['query'] = {}, path = '') =>
	await desk.admin('GET', `/events${path}`, undefined, { query });
const rows = async (query?: Extra['query']) => (await events(query)).json.data as any[];
const send = async (type: string, options = {}) => await desk.sandbox.send({ type }, options);

it('has a row for each event, with its deliveries and their attempts', async () => {
	const { delivery } = await desk.sandbox.finishRide({ durationSeconds: 60 });
	const row = {
		id: `evt_${delivery?.eventId.replaceAll('-', '')}`,
		type: 'unified_api.activity.updated',
		created_at: '2026-11-21T12:00:00.000Z',
		status: 'delivered',
		provider: 'xert',
		connection_id: expect.any(String),
		user_id: rider(desk.sandbox),
		reference_id: 'rider-1',
		deliveries: [
			{
				id: expect.stringMatching(/^dlv_/),
				destination_id: delivery?.destinationId,
				destination_type: 'webhook',
				destination_url: desk.receiver.url,
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
	expect((await events({}, `/${row.id}/payload`)).json).toEqual(desk.receiver.received[0]?.json);
	for (const path of ['/evt_1', '/evt_1/payload'])
		expect((await events({}, path)).json.code).toBe('not_found');
});

it('retries and what is sent again are attempts of the same delivery', async () => {
	desk.receiver.answers = [500];
	const { delivery } = await desk.sandbox.finishRide({ durationSeconds: 60 });
	await desk.sandbox.settled();
	await desk.admin('POST', '/webhook-events/resend', {
		user_id: rider(desk.sandbox),
		event_id: delivery?.eventId,
		event_type: 'activity',
	});
	await desk.sandbox.settled();
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

it('says how an event stands across its destinations', async () => {
	await desk.admin('POST', DESTINATIONS, { config: { url: 'http://127.0.0.1:9/nobody' } });
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

it('calls what will be tried again pending', async () => {
	const slow = await openDesk();
	slow.receiver.answers = ['silence'];
	slow.sandbox.setDestination(slow.receiver.url);
	void slow.sandbox.send({ type: 'activity' });
	const status = async () => (await slow.admin('GET', '/events')).json.data[0]?.status;
	expect(await status()).toBe('pending');
	await slow.close();
});

it('is filtered, with the names of types that it shows', async () => {
	await desk.sandbox.finishRide({ durationSeconds: 60 });
	await desk.sandbox.finishRide({ userId: rider(desk.sandbox, 3), durationSeconds: 60 });
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
	expect(await typesOf({ user_id: rider(desk.sandbox) })).toHaveLength(1);
	expect(await typesOf({ reference_id: 'rider-1' })).toHaveLength(1);
	expect(await typesOf({ destination: '1' })).toEqual([]);
	expect((await events({ reference_id: 'nobody' })).status).toBe(404);
});

it('is kept for thirty days, more than the older log', async () => {
	const { eventId } = await send('activity');
	const since = new Date(desk.time.now).toISOString();
	desk.time.now += 20 * DAY_MS;
	expect(await rows()).toEqual([]);
	expect(await rows({ since })).toHaveLength(1);
	expect((await events({}, `/${eventId}/payload`)).status).toBe(200);
	desk.time.now += 11 * DAY_MS;
	expect(await rows({ since })).toEqual([]);
	expect((await events({}, `/${eventId}`)).status).toBe(404);
});

it('has no events from while nobody listened', async () => {
	desk.sandbox.setDestination(null);
	await expect(send('activity')).rejects.toThrow();
	expect(await rows()).toEqual([]);
});

it('came with 2026.11', async () => {
	desk.sandbox.settings.adminVersion = '2026.10';
	expect(await events()).toMatchObject({ status: 404, text: '' });
	expect((await desk.admin('GET', '/webhook-events')).status).toBe(200);
});
