import { rider } from '../api';
import type { Setup, Extra } from './client';
import { DESTINATIONS, startListeningSetup } from './client';

const DAY_MS = 86_400_000;

let setup: Setup;
beforeEach(async () => {
	setup = await startListeningSetup();
});
afterEach(async () => await setup.close());

const log = async (query: Extra['query'] = {}, path = '') =>
	await setup.admin('GET', `/webhook-events${path}`, undefined, { query });
const ids = async (query?: Extra['query']) =>
	(await log(query)).json.data.map(({ event_id: id }: { event_id: string }) => id);
const ride = async (userId?: string) =>
	(await setup.sandbox.finishRide({ userId, durationSeconds: 60, withSamples: true })).delivery!;

describe('an entry', () => {
	it('has the event, the destination and the last response', async () => {
		const { eventId, bytes, destinationId } = await ride();
		const row = {
			event_id: eventId,
			sent_at: '2026-11-21T12:00:00.000Z',
			data_type: 'activity',
			provider: 'xert',
			destination_type: 'webhook',
			destination_id: destinationId,
			destination_url: setup.receiver.url,
			http_status: 200,
			response_time_ms: expect.any(Number),
			bytes,
			connection_id: expect.stringMatching(/^\d{19}$/),
			user_id: rider(setup.sandbox),
			reference_id: 'rider-1',
		};
		expect((await log()).json).toEqual({ data: [row], has_more: false, next_cursor: null });
		expect((await log({}, `/${eventId}`)).json).toEqual(row);
	});

	it('has no user ID after the user has disconnected', async () => {
		const { eventId } = await ride();
		await fetch(
			`${setup.sandbox.apiBase}/auth/deauthenticateUser?user_id=${rider(setup.sandbox)}`,
			{
				method: 'DELETE',
				headers: { 'dev-id': setup.sandbox.devId, 'x-api-key': setup.sandbox.apiKey },
			},
		);
		const { json } = await log({}, `/${eventId}`);
		expect(json).not.toHaveProperty('user_id');
		expect(json.reference_id).toBe('rider-1');
	});

	it('without a response has status 0, and counts as delivered', async () => {
		setup.sandbox.faults.add({ kind: 'delivery_cut', path: /./ });
		await setup.sandbox.send({ type: 'activity' }, { retries: false });
		setup.sandbox.faults.clear();
		setup.receiver.answers = [503];
		await setup.sandbox.send({ type: 'sleep' }, { retries: false });
		const types = async (outcome: string) =>
			(await log({ outcome })).json.data.map((row: any) => [row.data_type, row.http_status]);
		expect(await types('delivered')).toEqual([['activity', 0]]);
		expect(await types('failed')).toEqual([['sleep', 503]]);
	});
});

it('can be filtered by event, user, provider, type and destination', async () => {
	const first = await ride();
	const second = await ride(rider(setup.sandbox, 1));
	const walk = await ride(rider(setup.sandbox, 3));
	await setup.sandbox.send({ type: 'sleep' });
	expect(await ids({ user_id: rider(setup.sandbox, 1) })).toEqual([second.eventId]);
	expect(await ids({ reference_id: 'rider-1' })).toEqual([first.eventId]);
	expect(await ids({ provider: 'garmin,oura' })).toEqual([walk.eventId]);
	expect(await ids({ data_type: 'activity' })).toHaveLength(3);
	expect(await ids({ data_type: 'activity,sleep' })).toHaveLength(4);
	expect(await ids({ event_id: first.eventId })).toEqual([first.eventId]);
	const [summary] = setup.sandbox.activitiesOf(rider(setup.sandbox, 1)).slice(-1);
	expect(await ids({ summary_id: summary!.metadata.summary_id })).toEqual([second.eventId]);
	expect(await ids({ destination: String(first.destinationId) })).toHaveLength(4);
	expect(await ids({ destination: '1' })).toEqual([]);
	expect(await ids({ destination_url: setup.receiver.url })).toHaveLength(4);
	expect(await ids({ destination_type: 's3' })).toEqual([]);
});

it('refuses an unknown user and invalid filters', async () => {
	expect((await log({ user_id: '11111111-1111-4111-8111-111111111111' })).status).toBe(404);
	expect((await log({ reference_id: 'nobody' })).json.code).toBe('not_found');
	expect((await log({ user_id: 'rider-1' })).json.code).toBe('validation_failed');
	expect((await log({ outcome: 'lost' })).json.code).toBe('validation_failed');
});

it('goes back a week by default, and fourteen days at most', async () => {
	const { eventId } = await ride();
	const start = new Date(setup.time.now).toISOString();
	setup.time.now += 8 * DAY_MS;
	expect(await ids()).toEqual([]);
	expect(await ids({ event_id: eventId })).toEqual([eventId]);
	expect(await ids({ since: start })).toEqual([eventId]);
	expect(await ids({ since: start, until: start })).toEqual([eventId]);
	expect((await log({}, `/${eventId}`)).status).toBe(200);
	setup.time.now += 7 * DAY_MS;
	expect(await ids({ since: start })).toEqual([]);
	for (const path of [`/${eventId}`, `/${eventId}/payload`])
		expect((await log({}, path)).json.code).toBe('not_found');
	expect((await log({ since: '2026-11-21' })).json.code).toBe('validation_failed');
	expect((await log({ since: '2026-11-30T00:00:00Z', until: start })).status).toBe(400);
});

it('has pages that new events do not shift', async () => {
	const sent: string[] = [];
	for (let count = 0; count < 5; count++) {
		sent.unshift((await setup.sandbox.send({ type: 'activity' })).eventId);
		setup.time.now += 1000;
	}
	const first = (await log({ limit: 3 })).json;
	expect(first).toMatchObject({ has_more: true, data: { length: 3 } });
	setup.time.now += 1000;
	await setup.sandbox.send({ type: 'activity' });
	const second = (await log({ limit: 3, cursor: first.next_cursor })).json;
	expect([...first.data, ...second.data].map((row) => row.event_id)).toEqual(sent);
	expect(second.next_cursor).toBeNull();
	expect((await log({ cursor: '?' })).json.code).toBe('validation_failed');
});

it('returns the payload, with or without samples', async () => {
	const { eventId } = await ride();
	const [received] = setup.receiver.received;
	const whole = await log({}, `/${eventId}/payload`);
	expect(whole.json).toEqual(received?.json);
	const less = await log({ samples: false }, `/${eventId}/payload`);
	expect(whole.text).toContain('hr_samples');
	expect(less.text).not.toContain('samples"');
	expect(less.json.data[0].metadata).toEqual(whole.json.data[0].metadata);
});

describe('resending', () => {
	const resend = async (fields: object, extra?: Extra) =>
		await setup.admin('POST', '/webhook-events/resend', fields, extra);
	const bodyOf = ({ eventId }: { eventId: string }) => ({
		user_id: rider(setup.sandbox),
		event_id: eventId,
		event_type: 'activity',
	});

	it('sends to all destinations that now want the event, under the old trace ID if they had it before', async () => {
		const delivery = await ride();
		await setup.admin('POST', DESTINATIONS, { config: { url: `${setup.receiver.url}/2` } });
		const { status, json } = await resend(bodyOf(delivery));
		expect({ status, json }).toEqual({
			status: 202,
			json: { event_id: delivery.eventId, event_type: 'activity', dispatched: true },
		});
		await setup.sandbox.settled();
		const [first, ...others] = setup.receiver.received;
		const traceOf = (received: typeof first) => received?.headers['x-terra-trace-id'];
		expect(others.map(({ body }) => body.equals(first!.body))).toEqual([true, true]);
		expect(others.filter((other) => traceOf(other) === traceOf(first))).toHaveLength(1);
		expect(await ids()).toEqual(Array(3).fill(delivery.eventId));
	});

	it('can be a dry run', async () => {
		const delivery = await ride();
		const { json } = await resend(bodyOf(delivery), { query: { dry_run: true } });
		expect(json).toMatchObject({
			dry_run: true,
			would: 'resend',
			preview: { destination_count: 1, dispatched: false },
		});
		await setup.sandbox.settled();
		expect(setup.receiver.received).toHaveLength(1);
	});

	it('needs the event, its user and its type', async () => {
		const delivery = await ride();
		const body = bodyOf(delivery);
		for (const field of ['user_id', 'event_id', 'event_type']) {
			const refused = await resend({ ...body, [field]: undefined });
			expect(refused.json.errors).toEqual([`${field}: is missing`]);
		}
		for (const wrong of [
			{ event_id: 'x' },
			{ user_id: rider(setup.sandbox, 1) },
			{ event_type: 'sleep' },
		])
			expect(await resend({ ...body, ...wrong })).toMatchObject({
				status: 404,
				json: { code: 'not_found' },
			});
	});
});

it('has statistics on attempts, retries and failures', async () => {
	setup.receiver.answers = [500];
	await ride();
	await setup.sandbox.settled();
	const stats = async (query = {}) => (await log(query, '/stats')).json;
	expect(await stats()).toMatchObject({
		view: 'basic',
		delivery_attempts: 2,
		successful_attempts: 1,
		failed_attempts: 1,
		retry_attempts: 1,
		success_rate: 0.5,
		p50_response_time_ms: expect.any(Number),
	});
	const none = { delivery_attempts: 0, success_rate: null, p99_response_time_ms: null };
	expect(await stats({ destination: '1' })).toMatchObject(none);
	setup.time.now += 2 * DAY_MS;
	expect(await stats()).toMatchObject(none);
});
