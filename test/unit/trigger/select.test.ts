import { sampleEvents } from '../../../sandbox';
import {
	choiceOf,
	EVENTS,
	identityOf,
	parseEvent,
	recordsOf,
	terraTypesOf,
	userOf,
	type EventChoice,
} from '../../../nodes/Terra/terra/events';
import { Answer } from '../../../nodes/Terra/inbox';
import { select } from '../../../nodes/Terra/trigger/select';
import type { Filters } from '../../../nodes/Terra/trigger/settings';

const everything: Filters = {
	events: ['*'],
	providers: [],
	athletes: [],
	activityTypes: [],
	minSeconds: 0,
	minMeters: 0,
	unwantedUploads: [],
};

const user = { user_id: 'user-1', provider: 'XERT', reference_id: 'rider-1' };

const ride = (metadata: object = {}, rest: object = {}) => ({
	metadata: {
		summary_id: 'ride-1',
		type: 16,
		upload_type: 1,
		start_time: '2026-11-21T09:00:00+01:00',
		end_time: '2026-11-21T10:00:00+01:00',
		...metadata,
	},
	...rest,
});

const event = (data: unknown = [ride()], rest: object = {}) =>
	parseEvent({ type: 'activity', user, data, ...rest })!;

const passes = (filters: Partial<Filters>, what = event()) => {
	const selection = select(what, { ...everything, ...filters });
	return selection instanceof Answer ? selection.text : (selection.records?.length ?? 'event');
};

describe('event types', () => {
	const samples = Object.values(sampleEvents()).map((body) => parseEvent(body)!);

	it('every event that Terra sends is recognised, in every spelling', () => {
		expect(samples).not.toContain(undefined);
		const others = samples.map(({ type }) => type).filter((type) => choiceOf(type) === type);
		expect(others.filter((type) => !Object.hasOwn(EVENTS, type)).sort()).toEqual([
			...['google_no_datasource', 'healthcheck', 'processing', 'rate_limit_hit'],
			...['s3_payload', 's3_payload', 'something_new'],
		]);
	});

	it('every record has an identity', () => {
		const unknown = samples.filter((sample) =>
			recordsOf(sample)?.some((record) => identityOf(sample.type, record) === undefined),
		);
		expect(unknown.map(({ type }) => type)).toEqual([]);
	});

	it.each(
		Object.keys(EVENTS).flatMap((choice) => terraTypesOf(choice).map((type) => [choice, type])),
	)('the choice %s lets a sample of %s pass', (choice, type) => {
		const own = samples.filter((sample) => `${sample.type}.`.startsWith(`${type!}.`));
		expect(own.map((sample) => passes({ events: [choice!] }, sample))).toContainEqual(
			Object.hasOwn(EVENTS[choice as EventChoice], 'records') ? 1 : 'event',
		);
	});

	it.each([
		['Large-Request-Sending', 'large_request_sending'],
		['s3_upload', 's3_payload'],
		['auth_success', 'auth'],
		[' ACTIVITY ', 'activity'],
		['something_new', 'something_new'],
		['__proto__', '__proto__'],
		['constructor', 'constructor'],
	])('the spelling %s means %s', (spelling, type) => {
		expect(parseEvent({ type: spelling })?.type).toBe(type);
	});

	it('an auth event that reports a failure is a failed connection', () => {
		expect(parseEvent({ type: 'auth', status: 'error' })?.type).toBe('auth_cancelled');
		expect(parseEvent({ type: 'auth', status: 'success' })?.type).toBe('auth');
	});

	it.each([
		undefined,
		null,
		1,
		'activity',
		[],
		[{ type: 'activity' }],
		{},
		{ type: 7 },
		{ type: '' },
	])('%j is not an event', (body) => {
		expect(parseEvent(body)).toBeUndefined();
	});

	it('only chosen events pass', () => {
		expect(passes({ events: ['activity'] })).toBe(1);
		expect(passes({ events: ['sleep'] })).toBe("filtered: activity is not in 'Trigger On'");
		const report = parseEvent({ type: 'lab_report.failed', data: {} })!;
		expect(passes({ events: ['lab_report'] }, report)).toBe('event');
		const sending = parseEvent({ type: 'large_request_sending', user })!;
		expect(passes({ events: ['large_request'] }, sending)).toBe('event');
	});
});

describe('records and users', () => {
	it('an athlete event has one record, from its own field', () => {
		const athlete = parseEvent({ type: 'athlete', user, athlete: { first_name: 'Ada' } })!;
		expect(recordsOf(athlete)).toEqual([{ first_name: 'Ada' }]);
	});

	it.each([null, [], [null, 7, 'x'], 'text', 7])('data of %j counts as none', (data) => {
		expect(passes({}, event(data))).toBe('ignored: activity without data');
	});

	it('a re-authentication belongs to its new user', () => {
		const reauth = parseEvent({ type: 'user_reauth', new_user: user, old_user: null })!;
		expect(userOf(reauth)).toEqual(user);
	});

	it('a failed connection has only a reference ID', () => {
		const failed = parseEvent({ type: 'auth_cancelled', reference_id: 'rider-1' })!;
		expect(userOf(failed)).toEqual({ reference_id: 'rider-1' });
	});
});

describe('filters', () => {
	it('provider, in any case', () => {
		const shouting = event([ride()], { user: { ...user, provider: 'xert' } });
		expect(passes({ providers: ['XERT'] }, shouting)).toBe(1);
		expect(passes({ providers: ['GARMIN'] })).toBe('filtered: provider XERT');
	});

	it('athletes, by user ID or reference ID', () => {
		expect(passes({ athletes: ['user-1'] })).toBe(1);
		expect(passes({ athletes: ['rider-1'] })).toBe(1);
		expect(passes({ athletes: ['user-2', 'rider-1'] })).toBe(1);
		expect(passes({ athletes: ['user-2'] })).toBe('filtered: athlete rider-1');
		expect(passes({ athletes: ['RIDER-1'] })).toBe('filtered: athlete rider-1');
	});

	it('an athlete without a reference ID does not match one', () => {
		const nameless = event([ride()], { user: { ...user, reference_id: null } });
		expect(passes({ athletes: ['rider-1'] }, nameless)).toBe('filtered: athlete user-1');
	});

	it('user IDs in any case', () => {
		const loud = event([ride()], { user: { ...user, user_id: 'USER-1' } });
		expect(passes({ athletes: ['user-1'] }, loud)).toBe(1);
	});

	it('a changed user matches by the old ID too', () => {
		const new_user = { ...user, user_id: 'user-2', reference_id: null };
		const reauth = parseEvent({ type: 'user_reauth', old_user: user, new_user })!;
		expect(passes({ athletes: ['user-1'] }, reauth)).toBe('event');
		expect(passes({ athletes: ['user-2'] }, reauth)).toBe('event');
		expect(passes({ athletes: ['user-3'] }, reauth)).toBe('filtered: athlete user-2');
	});

	it('an event without the field of a filter passes', () => {
		const failed = parseEvent({ type: 'auth_cancelled', status: 'error' })!;
		const filters = { providers: ['XERT'], athletes: ['user-1', 'rider-1'] };
		expect(passes({ ...filters, activityTypes: [16], minMeters: 1 }, failed)).toBe('event');
	});

	it('activity type, including 0', () => {
		const inVehicle = event([ride({ type: 0 })]);
		expect(passes({ activityTypes: [0] }, inVehicle)).toBe(1);
		expect(passes({ activityTypes: [16] }, inVehicle)).toBe('filtered: activity type 0');
		const unknown = event([ride({ type: null })]);
		expect(passes({ activityTypes: [16] }, unknown)).toBe(1);
	});

	it('upload type', () => {
		expect(passes({ unwantedUploads: [2, 4] }, event([ride({ upload_type: 4 })]))).toBe(
			'filtered: upload type 4',
		);
		expect(passes({ unwantedUploads: [2, 4] }, event([ride({ upload_type: 0 })]))).toBe(1);
	});

	it('duration: moving time, else from start to end', () => {
		const hourLong = event([ride({}, { active_durations_data: { activity_seconds: 0 } })]);
		expect(passes({ minSeconds: 1 }, hourLong)).toBe('filtered: shorter than the minimum duration');
		expect(passes({ minSeconds: 3600 })).toBe(1);
		expect(passes({ minSeconds: 3601 })).toBe('filtered: shorter than the minimum duration');
		expect(passes({ minSeconds: 60 }, event([ride({ end_time: null })]))).toBe(1);
		// The clocks go forward in Berlin, but not in n8n's time zone.
		const [start_time, end_time] = ['2026-03-29T01:30:00', '2026-03-29T03:15:00'];
		expect(passes({ minSeconds: 6300 }, event([ride({ start_time, end_time })]))).toBe(1);
	});

	it('distance, if there is one', () => {
		const short = event([ride({}, { distance_data: { summary: { distance_meters: 999.6 } } })]);
		expect(passes({ minMeters: 1000 }, short)).toBe('filtered: shorter than the minimum distance');
		expect(passes({ minMeters: 1000 })).toBe(1);
	});

	it('only the activities that match pass', () => {
		const mixed = event([ride({ type: 8 }), ride({ summary_id: 'ride-2' }), ride({ type: 1 })]);
		expect(passes({ activityTypes: [16, 1] }, mixed)).toBe(2);
	});
});
