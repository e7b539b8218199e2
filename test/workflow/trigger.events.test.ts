import { startTrigger, type Trigger } from '../support/terra';
import { sampleEvents } from '../../sandbox';
import { keyOf } from '../support/keyOf';

let trigger: Trigger;
afterEach(async () => await trigger.close());

const anything = {
	events: ['*'],
	providers: { __rl: true, mode: 'name', value: '*' },
};
const { user } = sampleEvents().activity as { user: { user_id: string } };

const report = {
	type: 'lab_report.completed',
	event_id: 'evt-7',
	occurred_at: '2026-07-01T09:12:33Z',
	upload_id: 'upl-7',
	data: {
		session_id: '297405620317847552',
		reference_id: 'patient-B',
		report_date: '2026-06-30',
		results_count: 2,
		results: [
			{
				source: { name: 'Ferritin', value: '41', units: 'ng/mL' },
				biomarker: { key: 'ferritin' },
				measurement: { type: 'numeric', numeric: 41, units: 'ng/mL' },
			},
			{ source: { name: 'Vitamin D', value: '30', units: 'ng/mL' } },
		],
		panels: [],
	},
};

describe("Terra's newer event names", () => {
	it.each(Object.keys(sampleEvents()))('are understood: %s', async (name) => {
		trigger = await startTrigger(anything);
		trigger.sandbox.setDestination(trigger.url);
		const event = (sampleEvents() as Record<string, object>)[name]!;
		await trigger.sandbox.send(event, { retries: false });
		const older = trigger.items();
		await trigger.close();

		trigger = await startTrigger(anything);
		trigger.sandbox.setDestination(trigger.url);
		trigger.sandbox.settings.eventNames = 'dotted';
		await trigger.sandbox.send(event, { retries: false });
		const newer = trigger.items();
		const withoutDelivery = (items: object[]) =>
			items.map((item) => ({ ...item, trace_id: '', terra_reference: '', ordering_timestamp: 0 }));
		expect(withoutDelivery(newer)).toEqual(withoutDelivery(older));
	});
});

describe('a lab report', () => {
	const labReports = { ...anything, events: ['lab_report'] };

	it('gives an item for each result, with its owner', async () => {
		trigger = await startTrigger(labReports);
		await trigger.send(report);
		expect(trigger.items()).toMatchObject([
			{
				record_key: 'evt-7:0',
				reference_id: 'patient-B',
				report_date: '2026-06-30',
				name: 'Ferritin',
				value: '41',
				status: 'new',
			},
			{ record_key: 'evt-7:1', reference_id: 'patient-B', name: 'Vitamin D' },
		]);
	});

	it('does not reach the workflow of another athlete', async () => {
		trigger = await startTrigger({ ...labReports, filters: { athletes: ['patient-A'] } });
		expect((await trigger.send(report)).text).toBe('filtered: athlete patient-B');
		const nameless = { ...report, data: { ...report.data, reference_id: null } };
		expect((await trigger.send(nameless)).text).toBe('filtered: athlete not named');
		expect(trigger.executions).toEqual([]);
	});

	it('is recognised under another trace ID', async () => {
		trigger = await startTrigger({ ...labReports, emit: 'new' });
		await trigger.send(report, { orderingTimestamp: 1_795_254_073_000 });
		const again = await trigger.send(
			{ ...report, occurred_at: '2026-07-01T09:12:34Z' },
			{ orderingTimestamp: 1_795_254_074_000 },
		);
		expect(again.text).toMatch(/^filtered: emitted before/);
		expect(trigger.executions).toHaveLength(1);
	});

	it('that failed gives one item', async () => {
		trigger = await startTrigger(labReports);
		const data = { ...report.data, results: undefined };
		await trigger.send({ ...report, type: 'lab_report.failed', data });
		expect(trigger.items()).toMatchObject([{ reference_id: 'patient-B', event_id: 'evt-7' }]);
	});
});

it('an event without a user passes an athlete filter only if it is about a connection', async () => {
	trigger = await startTrigger({ ...anything, filters: { athletes: ['rider-1'] } });
	expect((await trigger.send({ type: 'auth_cancelled', status: 'error' })).text).toBe('started');
	expect((await trigger.send({ type: 'healthcheck', status: 'success' })).text).toMatch(
		/^filtered/,
	);
});

it("a new type of Terra's gives an item for each record, and names what is not in the row", async () => {
	trigger = await startTrigger(anything);
	const data = [
		{
			metadata: { summary_id: 'ecg-1', start_time: '2026-11-21T09:00:00+01:00' },
			heart_rate_bpm: 61,
			samples: [1, 2, 3],
		},
		{ metadata: { summary_id: 'ecg-2' }, heart_rate_bpm: 88 },
	];
	await trigger.send({ type: 'ecg', version: '2022-03-16', user, data });
	expect(trigger.items()).toMatchObject([
		{
			record_key: keyOf(user, 'ecg-1'),
			heart_rate_bpm: 61,
			not_in_row: 'samples',
			data_type: 'ecg',
		},
		{ record_key: keyOf(user, 'ecg-2'), heart_rate_bpm: 88 },
	]);
	expect(trigger.items()[1]).not.toHaveProperty('not_in_row');
});

describe('versions of a record', () => {
	const record = (metadata: object, more = {}) => ({
		metadata: { start_time: '2026-11-21T09:00:00+01:00', ...metadata },
		...more,
	});
	const at = { orderingTimestamp: 1_795_254_073_000 };

	it('from the same moment with different content are both emitted', async () => {
		trigger = await startTrigger();
		const ride = (more = {}) => ({
			type: 'activity',
			user,
			data: [record({ summary_id: 'r', type: 16, upload_type: 1 }, more)],
		});
		await trigger.send(ride(), at);
		await trigger.send(ride({ power_data: { avg_watts: 210 } }), at);
		expect(trigger.items().map(({ avg_watts }) => avg_watts)).toEqual([null, 210]);
	});

	it.each(['body', 'daily', 'nutrition'])(
		'sent as two parts of one request, with %s records of one day, are both emitted',
		async (type) => {
			trigger = await startTrigger(anything);
			for (const part of [1, 2]) {
				await trigger.send({ type, user, data: [record({ part })] }, at);
			}
			expect(trigger.executions).toHaveLength(2);
		},
	);

	it('that are older are dropped, by trace ID or signature', async () => {
		trigger = await startTrigger();
		const ride = { type: 'activity', user, data: [record({ summary_id: 'r', upload_type: 1 })] };
		await trigger.send(ride, { ...at, traceId: 'trace' });
		expect((await trigger.send(ride, { ...at, traceId: 'trace' })).text).toBe('repeated');
	});
});

describe('signed JSON is parsed from its bytes', () => {
	it.each([
		['application/x-www-form-urlencoded', ''],
		['text/plain', '\uFEFF'],
		['application/octet-stream', '\uFEFF'],
	])('also as %s', async (contentType, mark) => {
		trigger = await startTrigger(anything);
		const body = `${mark}${JSON.stringify({ type: 'activity', user, data: [{ metadata: { summary_id: 'r' } }] })}`;
		const { createHmac } = await import('node:crypto');
		const timestamp = Math.floor(Date.now() / 1000);
		const digest = createHmac('sha256', trigger.sandbox.signingSecret)
			.update(`${timestamp}.${body}`)
			.digest('hex');
		const response = await fetch(trigger.url, {
			method: 'POST',
			body: new TextEncoder().encode(body),
			headers: {
				'content-type': contentType,
				'x-terra-signature': `t=${timestamp},v1=${digest}`,
			},
		});
		expect(await response.text()).toBe('started');
		expect(trigger.items()[0]!.activity_key).toBe(keyOf(user, 'r'));
	});
});

describe("an event that differs from Terra's documentation", () => {
	const ride = {
		metadata: { summary_id: 'ride-1', type: 16, start_time: '2026-11-21T09:00:00+01:00' },
		distance_data: { summary: { distance_meters: 40_000 } },
	};
	const longer = { ...ride, distance_data: { summary: { distance_meters: 42_000 } } };

	it('with the same ride twice gives one item, and a changed one its update', async () => {
		trigger = await startTrigger(anything);
		await trigger.send({ type: 'activity', user, data: [ride, ride, longer] });
		expect(trigger.items()).toMatchObject([
			{ status: 'new', distance_meters: 40_000 },
			{ status: 'updated', distance_meters: 42_000 },
		]);
	});

	it('with two versions of a ride gives one item with New Only', async () => {
		trigger = await startTrigger({ ...anything, emit: 'new' });
		await trigger.send({ type: 'activity', user, data: [ride, longer] });
		expect(trigger.items()).toMatchObject([{ status: 'new' }]);
	});

	it.each([[[[ride]]], ['a ride'], [7], [['a ride']]])(
		'with data %j is refused, so that Terra shows it as failed',
		async (data) => {
			trigger = await startTrigger(anything);
			expect((await trigger.send({ type: 'activity', user, data })).status).toBe(400);
			expect(trigger.executions).toEqual([]);
		},
	);

	it('keeps the rides beside an unreadable record', async () => {
		trigger = await startTrigger(anything);
		const { text } = await trigger.send({ type: 'activity', user, data: [null, 7, ride] });
		expect(text).toBe('started');
		expect(trigger.items()).toMatchObject([{ activity_key: keyOf(user, 'ride-1') }]);
	});

	it('with numeric IDs passes the athlete filter', async () => {
		trigger = await startTrigger({ ...anything, filters: { athletes: ['4711'] } });
		const numbered = { user_id: 4711, provider: 'XERT' };
		await trigger.send({ type: 'activity', user: numbered, data: [ride] });
		const referenced = { ...user, reference_id: 4711 };
		await trigger.send({ type: 'activity', user: referenced, data: [ride] });
		expect(trigger.executions).toHaveLength(2);
	});

	it.each([0, 1_795_254_073])(
		'with %d as its time neither outdates nor loses rides',
		async (time) => {
			trigger = await startTrigger(anything);
			await trigger.send(
				{ type: 'activity', user, data: [ride] },
				{ orderingTimestamp: Date.now() },
			);
			await trigger.send({ type: 'activity', user, data: [longer] }, { orderingTimestamp: time });
			expect(trigger.items()).toMatchObject([{ status: 'new' }, { status: 'updated' }]);
		},
	);

	it.each(['0001-01-01T00:00:00', '1970-01-01T00:00:00Z', '1989-12-31T00:00:00'])(
		'with a ride that starts at %s gives it no start instead of a wrong one',
		async (start_time) => {
			trigger = await startTrigger({ ...anything, columns: 'full' });
			const data = [{ ...ride, metadata: { ...ride.metadata, start_time } }];
			await trigger.send({ type: 'activity', user, data });
			expect(trigger.items()).toMatchObject([{ local_date: null, start_time: null }]);
		},
	);
});
