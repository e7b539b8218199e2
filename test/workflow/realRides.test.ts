import type { Activity } from '../../sandbox';
import { keyOf } from '../support/keyOf';
import { executeTerra, workflowOf } from '../support/n8nCore';
import { startTrigger, type Trigger } from '../support/terra';
import { byId, byReference, failureOf, setStage, type Stage } from './historySupport';

/** Quirks of real providers and athletes, in Get Many and in the trigger. */

let stage: Stage;
let trigger: Trigger | undefined;
let athlete: string;
beforeEach(async () => {
	stage = await setStage({ users: [{ reference_id: 'rider-1', historyDays: 0 }] });
	athlete = stage.sandbox.users[0]!.user_id;
});
afterEach(async () => {
	await stage.sandbox.close();
	await trigger?.close();
	trigger = undefined;
});

const ride = (summary_id: unknown, metadata: object = {}, more: object = {}) => {
	const start_time = '2026-11-05T10:00:00+01:00';
	const end_time = '2026-11-05T11:30:00+01:00';
	return {
		metadata: { summary_id, start_time, end_time, type: 16, upload_type: 1, ...metadata },
		...more,
	} as unknown as Activity;
};

const add = (...rides: Activity[]) => stage.sandbox.addActivities(athlete, rides);

const rows = async (parameters = {}, options = {}) =>
	(await stage.run({ simplify: true, returnAll: true, ...parameters }, options)).items.map(
		({ json }) => json,
	);

describe('a ride whose times are in UTC', () => {
	const utc = { timestamp_localization: 0 };
	const evening = ride('evening', {
		...utc,
		start_time: '2026-11-02T01:30:00.000000+00:00',
		end_time: '2026-11-02T03:00:00.000000+00:00',
	});

	it("is found under the workflow's day, once over all days", async () => {
		add(evening);
		const found: unknown[] = [];
		for (const day of ['2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03']) {
			const range = { period: 'custom', from: day, to: day, columns: 'full' };
			found.push(...(await rows(range, { timezone: 'America/Denver' })));
		}
		expect(found).toMatchObject([
			{ local_date: '2026-11-01', local_clock: 'workflow', utc_offset: null },
		]);
	});

	it('is returned once Since the Last Successful Run, whatever the time zone', async () => {
		const workflow = { timezone: 'Pacific/Auckland', staticData: {} };
		const night = { ...utc, start_time: '2026-11-14T20:00:00Z', end_time: '2026-11-14T21:00:00Z' };
		add(ride('border', night));
		const since = { period: 'sinceLastRun', columns: 'full' };
		const first = await rows(since, workflow);
		expect(first).toMatchObject([{ summary_id: 'border', local_date: '2026-11-15' }]);
	});
});

describe('deleted and pending rides', () => {
	const all = [ride('kept'), ride('gone', { upload_type: 4 }), ride('unsure', { upload_type: 5 })];

	it('are left out of history by default', async () => {
		add(...all);
		expect((await rows({ columns: 'full' })).map(({ summary_id }) => summary_id)).toEqual(['kept']);
		const everything = await rows({ options: { includeDeleted: true } });
		expect(everything.map(({ status }) => status).sort()).toEqual(['deleted', null, 'pending']);
	});

	it('are marked by the trigger, with the key of the row to remove', async () => {
		trigger = await startTrigger();
		const user = stage.sandbox.users[0];
		for (const upload_type of [1, 4]) {
			await trigger.send({ type: 'activity', user, data: [ride('x', { upload_type })] });
		}
		const key = keyOf(user, 'x');
		expect(trigger.items()).toMatchObject([
			{ activity_key: key, status: 'new' },
			{ activity_key: key, status: 'deleted' },
		]);
	});

	it.each([
		['all', ['pending', 'new', 'updated']],
		['new', ['new']],
	])('a ride is new once it is confirmed, when %p are emitted', async (emit, expected) => {
		trigger = await startTrigger({ emit, simplify: false });
		const user = stage.sandbox.users[0];
		for (const upload_type of [5, 1, 3]) {
			await trigger.send({ type: 'activity', user, data: [ride('x', { upload_type })] });
		}
		expect(trigger.items().map(({ status }) => status)).toEqual(expected);
	});
});

describe('an athlete who has reconnected', () => {
	const reconnect = () => {
		const [before] = stage.sandbox.users;
		const rides = stage.sandbox.activitiesOf(before!.user_id);
		const after = stage.sandbox.addUser({ reference_id: 'rider-1', historyDays: 0 });
		before!.active = false;
		stage.sandbox.addActivities(after.user_id, rides);
		return { before: { ...before! }, after };
	};

	it.each([{ athletes: 'everyone' }, { user: byReference('rider-1') }])(
		'keeps the same keys, and nothing is returned again: %j',
		async (who) => {
			add(ride('x'), ride('y', { start_time: '2026-11-20T10:00:00Z' }));
			const since = workflowOf({
				type: 'terra',
				credential: stage.credential,
				parameters: { period: 'sinceLastRun', ...who } as never,
			});
			const run = async () =>
				(await executeTerra(since, { mode: 'trigger' })).map(({ json }) => json);
			const first = await run();
			expect(first).toHaveLength(2);
			reconnect();
			expect(await rows({ ...who })).toEqual(first);
			expect(await run()).toEqual([]);
		},
	);

	it('does not start the trigger again for the same ride', async () => {
		trigger = await startTrigger({ emit: 'new' });
		const { before, after } = reconnect();
		for (const user of [before, after]) {
			await trigger.send({ type: 'activity', user, data: [ride('x')] });
		}
		expect(trigger.items()).toHaveLength(1);
	});

	it('has separate rides at two providers', async () => {
		const garmin = stage.sandbox.addUser({
			provider: 'GARMIN',
			reference_id: 'rider-1',
			historyDays: 0,
		});
		add(ride('x'));
		stage.sandbox.addActivities(garmin.user_id, [ride('x')]);
		const found = await rows({ user: byReference('rider-1') });
		expect(found.map(({ activity_key }) => activity_key).sort()).toEqual([
			'rider-1:GARMIN:x',
			'rider-1:XERT:x',
		]);
	});
});

it('a key does not change if an answer leaves out the reference ID', async () => {
	add(ride('x'));
	stage.sandbox.faults.add({
		kind: 'status',
		status: 200,
		path: '/activity',
		body: { type: 'activity', user: { user_id: athlete }, data: [ride('x')] },
	});
	expect(await rows({ user: byId(athlete), columns: 'full' })).toMatchObject([
		{ activity_key: 'rider-1:XERT:x', reference_id: 'rider-1', provider: 'XERT' },
	]);
});

it('two rides with IDs too large for JSON numbers stay separate', async () => {
	trigger = await startTrigger();
	const user = JSON.stringify(stage.sandbox.users[0]);
	const data = [424, 425].map(
		(end, index) =>
			`{"metadata":{"summary_id":2369048793018741${end},"start_time":"2026-03-0${2 + index}T09:00:00+01:00","type":16}}`,
	);
	const body = Buffer.from(`{"type":"activity","user":${user},"data":[${data.join()}]}`);
	await trigger.send({ type: 'activity' }, { body });
	const keys = trigger.items().map(({ activity_key }) => activity_key);
	expect(keys).toEqual([
		'rider-1:XERT:2026-03-02T09:00:00+01:00',
		'rider-1:XERT:2026-03-03T09:00:00+01:00',
	]);
});

it('missing figures are empty, not zero, and the best source is used', async () => {
	add(
		ride(
			'old',
			{},
			{
				active_durations_data: { activity_seconds: 0 },
				distance_data: { summary: { distance_meters: 45_210 } },
				TSS_data: {
					TSS_samples: [
						{ actual: 90, normalized_power_watts: null },
						{ actual: 84, normalized_power_watts: 231 },
						{ planned: 70, normalized_power_watts: 300 },
					],
				},
			},
		),
	);
	expect(await rows({ columns: 'full' })).toMatchObject([
		{ duration: '1:30:00', moving_seconds: null, tss: 84, normalized_power_watts: 231 },
	]);
});

it('a body record has its latest weighing, and averages from samples', async () => {
	const { user_id } = stage.sandbox.addUser({ provider: 'GARMIN', historyDays: 0 });
	const [start_time, end_time] = ['2026-11-05T00:00:00+01:00', '2026-11-06T00:00:00+01:00'];
	const record = {
		metadata: { start_time, end_time },
		measurements_data: {
			measurements: [
				{ measurement_time: '2026-11-05T20:10:00+01:00', weight_kg: 71.2 },
				{
					measurement_time: '2026-11-05T07:05:00+01:00',
					weight_kg: 70.1,
					bodyfat_percentage: 12.3,
				},
			],
		},
		blood_pressure_data: {
			blood_pressure_samples: [
				{ timestamp: '2026-11-05T19:05:00+01:00', systolic_bp: 142, diastolic_bp: 69 },
				{ timestamp: '2026-11-05T07:05:00+01:00', systolic_bp: 119, diastolic_bp: 68 },
			],
		},
		glucose_data: {
			blood_glucose_samples: [{ timestamp: start_time, blood_glucose_mg_per_dL: 90 }],
		},
		temperature_data: {
			body_temperature_samples: [{ timestamp: start_time, temperature_celsius: 36.8 }],
		},
	};
	stage.sandbox.faults.add({
		kind: 'status',
		status: 200,
		path: '/body',
		body: {
			type: 'body',
			user: { user_id, provider: 'GARMIN', reference_id: null },
			data: [record],
		},
	});
	expect(await rows({ resource: 'body', user: byId(user_id) })).toMatchObject([
		{
			day_avg_weight_kg: 71.2,
			day_avg_bodyfat_percentage: null,
			day_avg_systolic_bp: 142,
			day_avg_diastolic_bp: 69,
			day_avg_blood_glucose_mg_per_dL: 90,
			day_avg_body_temperature_celsius: 36.8,
		},
	]);
});

it.each([
	[[], "'Fields' is empty", 'Choose at least one column'],
	[['distance', 'name'], "'Fields' has a column that activities do not have", 'no column distance'],
])('the fields %j are rejected', async (selectedColumns, message, description) => {
	expect(
		await failureOf(stage.run({ simplify: true, columns: 'selected', selectedColumns })),
	).toEqual({
		message,
		description: expect.stringContaining(description),
	});
});
