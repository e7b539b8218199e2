import { createHmac } from 'node:crypto';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { gapAfter } from '../../sandbox/webhooks/schedule';
import { call, rider } from './api';
import type { Received } from './receiver';
import { Receiver } from './receiver';

let clock: number;
let sandbox: Sandbox;
let receiver: Receiver;

beforeEach(async () => {
	clock = Date.UTC(2026, 10, 21, 12);
	receiver = await new Receiver().start();
	sandbox = await startSandbox({ timeScale: 1_000_000, now: () => clock });
	sandbox.setDestination(receiver.url);
});

afterEach(async () => {
	await sandbox.close();
	await receiver.stop();
});

const signature = (body: Buffer, t: number, secret = sandbox.signingSecret) =>
	`t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body.toString()}`).digest('hex')}`;

const traceOf = (received: Received) => received.headers['x-terra-trace-id'];

describe('a finished ride', () => {
	it('is delivered signed, with all of Terra’s headers', async () => {
		const { activity, delivery } = await sandbox.finishRide();
		const [received] = receiver.received;
		const header = signature(received?.body ?? Buffer.of(), clock / 1000);
		expect(received?.headers).toMatchObject({
			'content-type': 'application/json',
			'x-terra-signature': header,
			'terra-signature': header,
			'x-terra-trace-id': delivery?.traceId,
			'terra-reference': delivery?.reference,
			'x-terra-ordering-timestamp': String(clock),
		});
		expect(received?.json).toMatchObject({
			type: 'activity',
			version: '2022-03-16',
			user: { user_id: rider(sandbox), reference_id: 'rider-1' },
			data: [JSON.parse(JSON.stringify(activity))],
		});
		expect(delivery).toMatchObject({
			outcome: 'accepted',
			attempts: [{ status: 200, responseBody: 'answer 1', at: clock }],
		});
	});

	it('is in the history with its samples, even if the webhook had none', async () => {
		const { activity } = await sandbox.finishRide({ durationSeconds: 120 });
		expect(activity.power_data.power_samples).toEqual([]);
		const { json } = await call(sandbox, '/activity', {
			user_id: rider(sandbox),
			start_date: '2026-11-21',
			to_webhook: false,
			with_samples: true,
		});
		expect(json.data).toHaveLength(1);
		expect(json.data[0].metadata).toEqual(activity.metadata);
		expect(json.data[0].power_data.power_samples).toHaveLength(120);
	});

	it('ends now, and has the requested place, time and length', async () => {
		const now = await sandbox.finishRide({ durationSeconds: 600, deliver: false });
		expect(Date.parse(now.activity.metadata.end_time)).toBe(clock);
		const startTime = new Date('2026-11-01T08:00:00Z');
		const asked = await sandbox.finishRide({
			userId: rider(sandbox, 1),
			startTime,
			durationSeconds: 600,
			indoor: true,
			withSamples: true,
			deliver: false,
		});
		expect(Date.parse(asked.activity.metadata.start_time)).toBe(startTime.getTime());
		expect(asked.activity.metadata.type).toBe(18);
		expect(asked.activity.power_data.power_samples).toHaveLength(600);
		expect(receiver.received).toEqual([]);
	});

	it('only appears in the history if there is no destination', async () => {
		sandbox.setDestination(null);
		const { activity, delivery } = await sandbox.finishRide();
		expect(delivery).toBeUndefined();
		const known = sandbox.activitiesOf(rider(sandbox)).map((ride) => ride.metadata.summary_id);
		expect(known).toContain(activity.metadata.summary_id);
	});
});

it('sends an update with the same summary ID, a new trace ID and a later ordering timestamp', async () => {
	const { activity, delivery } = await sandbox.finishRide();
	const summaryId = activity.metadata.summary_id;
	const change = { metadata: { name: 'Evening loop' }, strain_data: { strain_level: 12 } };
	const update = await sandbox.updateActivity(rider(sandbox), summaryId, change);
	const [before, after] = receiver.received;
	expect(update.delivery?.traceId).not.toBe(delivery?.traceId);
	expect(Number(after?.headers['x-terra-ordering-timestamp'])).toBeGreaterThan(
		Number(before?.headers['x-terra-ordering-timestamp']),
	);
	const [old] = before?.json['data'] as object[];
	expect(after?.json['data']).toEqual([
		{ ...old, ...change, metadata: { ...activity.metadata, ...change.metadata } },
	]);
	expect(sandbox.activitiesOf(rider(sandbox)).at(-1)?.metadata['name']).toBe('Evening loop');
});

describe('a delivery that is not accepted', () => {
	it.each([302, 400, 401, 413, 429, 500, 503])('is repeated after %i', async (status) => {
		receiver.answers = [status, status];
		const { delivery } = await sandbox.finishRide();
		await sandbox.settled();
		expect(delivery?.attempts.map((attempt) => attempt.status)).toEqual([status, status, 200]);
		expect(delivery?.outcome).toBe('accepted');
	});

	it('is repeated with the same bytes, trace ID and ordering timestamp', async () => {
		receiver.answers = [500];
		await sandbox.finishRide();
		clock += 60_000;
		await sandbox.settled();
		const [first, second] = receiver.received;
		expect(second?.body.equals(first?.body ?? Buffer.of())).toBe(true);
		const same = [
			'x-terra-trace-id',
			'terra-reference',
			'x-terra-ordering-timestamp',
			'x-terra-signature',
		];
		for (const name of same) expect(second?.headers[name]).toBe(first?.headers[name]);
	});

	it('is signed again on each attempt if set to', async () => {
		sandbox.settings.renewSignatureTime = true;
		receiver.answers = [500];
		await sandbox.finishRide();
		clock += 60_000;
		await sandbox.settled();
		const [first, second] = receiver.received;
		expect(first?.headers['x-terra-signature']).toMatch(/^t=1795262400,/);
		expect(second?.headers['x-terra-signature']).toBe(
			signature(second?.body ?? Buffer.of(), 1_795_262_460),
		);
	});

	it('is given up after ten attempts with doubling gaps from 30 s', async () => {
		receiver.answers = Array.from({ length: 20 }, () => 500);
		const { delivery } = await sandbox.finishRide();
		await sandbox.settled();
		expect(delivery?.attempts).toHaveLength(10);
		expect(delivery?.outcome).toBe('gave up');
		const gaps = Array.from({ length: 10 }, (_, index) => gapAfter(index + 1));
		expect(gaps.map((gap) => gap && gap / 1000)).toEqual([
			30,
			60,
			120,
			240,
			480,
			960,
			1920,
			3840,
			7680,
			undefined,
		]);
	});

	it('switches the destination off after a day of failures', async () => {
		receiver.answers = [500, 500];
		await sandbox.send({ type: 'activity' }, { retries: false });
		clock += 24 * 3_600_000;
		await sandbox.send({ type: 'activity' }, { retries: false });
		await expect(sandbox.send({ type: 'activity' })).rejects.toThrow('No destination');
		sandbox.setDestination(receiver.url);
		await expect(sandbox.send({ type: 'activity' })).resolves.toMatchObject({
			outcome: 'accepted',
		});
	});

	it('records a refused connection', async () => {
		await receiver.stop();
		const delivery = await sandbox.send({ type: 'activity' }, { retries: false });
		await receiver.start();
		expect(delivery).toMatchObject({ outcome: 'gave up', attempts: [{ error: 'ECONNREFUSED' }] });
	});
});

describe('a destination that does not answer', () => {
	beforeEach(async () => {
		await sandbox.close();
		sandbox = await startSandbox({ timeScale: 1_000_000, ackTimeoutMs: 500 });
		sandbox.setDestination(receiver.url);
		receiver.answers = ['silence'];
	});

	it('is tried again', async () => {
		const { delivery } = await sandbox.finishRide();
		await sandbox.settled();
		expect(delivery?.attempts).toMatchObject([{ error: 'timeout' }, { status: 200 }]);
	});

	it('can be replaced before the retry', async () => {
		const second = await new Receiver().start();
		const sent = sandbox.finishRide();
		sandbox.setDestination(second.url);
		const { delivery } = await sent;
		await sandbox.settled();
		await second.stop();
		expect(second.received).toHaveLength(1);
		expect(delivery).toMatchObject({ url: second.url, outcome: 'accepted' });
	});
});

describe('send', () => {
	it('signs and posts the given bytes', async () => {
		const body = Buffer.from('{ "type":"activity" , "né":1 }\n');
		await sandbox.send({ type: 'activity' }, { body, secret: 'other', timestampSeconds: 5 });
		expect(receiver.received[0]?.body.equals(body)).toBe(true);
		expect(receiver.received[0]?.headers['x-terra-signature']).toBe(signature(body, 5, 'other'));
	});

	it('can leave out the signature, the ordering timestamp and any header', async () => {
		await sandbox.send(
			{ type: 'activity' },
			{
				signature: null,
				orderingTimestamp: null,
				headers: { 'content-type': null, 'x-odd': 'yes' },
			},
		);
		const { headers } = receiver.received[0] ?? {};
		for (const name of [
			'x-terra-signature',
			'terra-signature',
			'x-terra-ordering-timestamp',
			'content-type',
		]) {
			expect(headers).not.toHaveProperty(name);
		}
		expect(headers).toHaveProperty('x-odd', 'yes');
	});

	it('can send only one signature header, and chosen IDs', async () => {
		await sandbox.send(
			{ type: 'activity' },
			{
				headers: { 'x-terra-signature': null },
				traceId: 'trace-7',
				reference: 'ref-7',
				orderingTimestamp: 42,
				destinationUrl: `${receiver.url}/elsewhere`,
			},
		);
		expect(receiver.received[0]?.headers).toMatchObject({
			'terra-signature': expect.stringMatching(/^t=\d{10},v1=[0-9a-f]{64}$/),
			'x-terra-trace-id': 'trace-7',
			'terra-reference': 'ref-7',
			'x-terra-ordering-timestamp': '42',
		});
	});

	it('sends many at once, and `settled` waits for all of them', async () => {
		for (let count = 0; count < 60; count++) void sandbox.send({ type: 'activity', count });
		await sandbox.settled();
		expect(receiver.received).toHaveLength(60);
		expect(new Set(receiver.received.map(traceOf)).size).toBe(60);
	});
});

it('resends the same bytes under the same trace ID', async () => {
	const { delivery } = await sandbox.finishRide();
	const again = await sandbox.resend(delivery?.traceId ?? '');
	expect(receiver.received).toHaveLength(2);
	expect(receiver.received.map(traceOf)).toEqual([delivery?.traceId, delivery?.traceId]);
	expect(sandbox.ledger).toEqual([delivery, again]);
	await expect(sandbox.resend('unknown')).rejects.toThrow('unknown');
});

describe('a read with results sent to the webhook', () => {
	async function request(query: { start_date: string; end_date: string }) {
		const { json } = await call(sandbox, '/activity', { user_id: rider(sandbox), ...query });
		await sandbox.settled();
		return json as { reference: string };
	}

	it('sends a short history in one event', async () => {
		const { reference } = await request({ start_date: '2026-11-15', end_date: '2026-11-20' });
		expect(receiver.received).toHaveLength(1);
		expect(receiver.received[0]?.headers).toMatchObject({
			'terra-reference': reference,
			'x-terra-trace-id': reference,
		});
	});

	it('sends an empty event if there is nothing', async () => {
		await request({ start_date: '2020-01-01', end_date: '2020-01-03' });
		expect(receiver.received.map(({ json }) => json['data'])).toEqual([[]]);
	});

	it('sends a long history in numbered chunks of ten between two notices', async () => {
		const { reference } = await request({ start_date: '2026-08-01', end_date: '2026-11-21' });
		const events = receiver.received;
		const types = events.map(({ json }) => json['type']);
		expect(types.filter((type) => type !== 'activity').sort()).toEqual([
			'large_request_processing',
			'large_request_sending',
		]);
		expect(events.every(({ headers }) => headers['terra-reference'] === reference)).toBe(true);

		const chunks = events.filter(({ json }) => json['type'] === 'activity');
		const sending = events.find(({ json }) => json['type'] === 'large_request_sending');
		expect(sending?.json).toMatchObject({ reference, expected_payloads: chunks.length });
		expect(chunks.map(traceOf).sort()).toEqual(
			chunks.map((_, index) => `${reference}:chunk:${index + 1}`).sort(),
		);
		const records = chunks.flatMap(({ json }) => json['data'] as object[]);
		expect(chunks.every(({ json }) => (json['data'] as object[]).length <= 10)).toBe(true);
		expect(chunks).toHaveLength(Math.ceil(records.length / 10));
		expect(records.length).toBeGreaterThan(50);
	});

	it('sends an athlete', async () => {
		await call(sandbox, '/athlete', { user_id: rider(sandbox) });
		await sandbox.settled();
		expect(receiver.received[0]?.json).toMatchObject({
			type: 'athlete',
			athlete: { city: 'Girona' },
		});
	});
});

describe('ping mode', () => {
	async function link(): Promise<string> {
		sandbox.settings.deliveryMode = 'ping';
		await sandbox.finishRide();
		return String(receiver.received[0]?.json['url']);
	}

	it('sends a link to the event, signed like any delivery', async () => {
		const response = await fetch(await link());
		const event = await response.json();
		expect(receiver.received[0]?.json).toMatchObject({
			type: 's3_payload',
			status: 'success',
			expires_in: 300,
		});
		expect(receiver.received[0]?.json).not.toHaveProperty('user');
		expect(event).toMatchObject({ type: 'activity', user: { user_id: rider(sandbox) } });
		expect(event.data).toEqual([
			JSON.parse(JSON.stringify(sandbox.activitiesOf(rider(sandbox)).at(-1))),
		]);
	});

	it.each(['dev-id', 'x-api-key', 'authorization'])(
		'refuses a request that includes %s',
		async (name) => {
			const response = await fetch(await link(), { headers: { [name]: 'leaked' } });
			expect(response.status).toBe(400);
		},
	);

	it('refuses an expired link, and answers 404 for an unknown one', async () => {
		const url = await link();
		clock += 301_000;
		expect((await fetch(url)).status).toBe(403);
		expect((await fetch(`${sandbox.url}/s3/nothing`)).status).toBe(404);
	});

	it('can link to an https server in front of the sandbox', async () => {
		sandbox.settings.pingBaseUrl = 'https://payloads.s3.eu-west-2.amazonaws.com';
		expect(await link()).toMatch(
			/^https:\/\/payloads\.s3\.eu-west-2\.amazonaws\.com\/s3\/[0-9a-f-]{36}\?/,
		);
	});

	it('sends events without data directly', async () => {
		sandbox.settings.deliveryMode = 'ping';
		await sandbox.send({ type: 'deauth', user: sandbox.users[0] });
		expect(receiver.received[0]?.json['type']).toBe('deauth');
	});
});

it('records on the connection when its last webhook was accepted', async () => {
	await sandbox.finishRide();
	expect(sandbox.users[0]?.last_webhook_update).toBe('2026-11-21T12:00:00.000000+00:00');
});
