import {
	byId,
	days,
	failureOf,
	idsOf,
	raw,
	ride,
	setStage,
	startsOf,
	type Stage,
} from './historySupport';
import { keyOf } from '../support/keyOf';

let stage: Stage;
let athlete: string;

beforeEach(async () => {
	stage = await setStage();
	athlete = stage.sandbox.users[0]!.user_id;
});
afterEach(async () => await stage.sandbox.close());

/** Adds an athlete with only these rides. */
function athleteWith(...rides: Array<ReturnType<typeof ride>>): { user: ReturnType<typeof byId> } {
	const { user_id } = stage.sandbox.addUser({ historyDays: 0, ridesPerWeek: 0 });
	stage.sandbox.addActivities(user_id, rides);
	return { user: byId(user_id) };
}

/** The expected rides, computed from the sandbox's own list. */
const ridden = (from: string, to: string) =>
	stage.sandbox
		.activitiesOf(athlete)
		.map(({ metadata }) => metadata)
		.filter(({ start_time }) => start_time.slice(0, 10) >= from && start_time.slice(0, 10) <= to)
		.map(({ summary_id }) => summary_id);

describe('Get Many', () => {
	it('returns the last 30 days of an athlete, each ride once, newest first', async () => {
		const result = await stage.run({ returnAll: true });
		expect(idsOf(result)).toEqual(ridden('2026-10-24', '2026-11-22').reverse());
		expect(idsOf(result).length).toBeGreaterThan(15);
	});

	it('makes an item for each ride, linked to its input item', async () => {
		const { items } = await stage.run({ limit: 1 });
		expect(items).toEqual([
			{
				json: {
					type: 'activity',
					activity_key: keyOf(stage.sandbox.users[0], ridden('2026-10-24', '2026-11-22').at(-1)!),
					user: expect.objectContaining({ user_id: athlete, provider: 'XERT' }),
					data: expect.objectContaining({
						metadata: expect.objectContaining({ type: expect.any(Number) }),
					}),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('returns flat rows by default', async () => {
		const { items } = await stage.run({ simplify: true, limit: 1 });
		expect(items[0]!.json).toMatchObject({
			activity_key: expect.stringMatching(/^rider-1:XERT:xert-/),
		});
		expect(
			Object.values(items[0]!.json).every((cell) => typeof cell !== 'object' || cell === null),
		).toBe(true);
	});

	it('returns the oldest first if asked to', async () => {
		const result = await stage.run({ returnAll: true, options: { order: 'oldest' } });
		expect(idsOf(result)).toEqual(ridden('2026-10-24', '2026-11-22'));
	});

	it.each(['newest', 'oldest'] as const)(
		'stops requesting once the limit is reached, %s first',
		async (order) => {
			const all = ridden('2026-08-25', '2026-11-22');
			const result = await stage.run({ period: 'last90Days', limit: 5, options: { order } });
			expect(idsOf(result)).toEqual(
				order === 'oldest' ? all.slice(0, 5) : all.reverse().slice(0, 5),
			);
			expect(stage.reads()).toHaveLength(1);
		},
	);

	it('leaves out samples by default', async () => {
		const without = await stage.run({ limit: 1 });
		expect(JSON.stringify(without.items).length).toBeLessThan(10_000);
		const withThem = await stage.run({ limit: 1, options: { withSamples: true } });
		expect(JSON.stringify(withThem.items).length).toBeGreaterThan(20_000);
	});

	it('requests 28 days at a time, and 7 with samples', async () => {
		await stage.run({ period: 'last90Days', returnAll: true });
		expect(stage.reads().map(lengthOf)).toEqual([28, 28, 28, 8]);
		stage.sandbox.requests.length = 0;
		await stage.run({ period: 'last7Days', returnAll: true, options: { withSamples: true } });
		expect(stage.reads().map(lengthOf)).toEqual([7, 2]);
	});

	it('returns a ride across midnight once, although Terra returns it for both windows', async () => {
		const overMidnight = ride('night', '2026-10-24T23:30:00+00:00', '2026-10-25T00:30:00+00:00');
		const result = await stage.run({
			...athleteWith(overMidnight),
			...days('2026-10-01', '2026-11-20'),
		});
		const borders = stage.reads().flatMap(({ query }) => [query.start_date, query.end_date]);
		expect(borders.filter((border) => border === '2026-10-25')).toHaveLength(2);
		expect(idsOf(result)).toEqual(['night']);
	});

	it('returns each ride without a summary ID once', async () => {
		const nameless = (start: string, end: string) => {
			const { metadata } = ride('', start, end);
			return { metadata: { ...metadata, summary_id: undefined as unknown as string } };
		};
		const result = await stage.run({
			...athleteWith(
				nameless('2026-10-24T23:30:00+00:00', '2026-10-25T00:30:00+00:00'),
				nameless('2026-11-12T08:00:00+00:00', '2026-11-12T09:00:00+00:00'),
			),
			...days('2026-10-01', '2026-11-20'),
		});
		expect(startsOf(result)).toEqual(['2026-11-12T08:00:00+00:00', '2026-10-24T23:30:00+00:00']);
		expect(raw(result)[0]!.activity_key).toMatch(/:2026-11-12T08:00:00\+00:00$/);
	});

	it('sorts by time, not by text', async () => {
		const result = await stage.run(
			athleteWith(
				ride('second', '2026-11-10T08:00:00+00:00'),
				ride('first', '2026-11-10T12:00:00+10:00'),
				ride('third', '2026-11-10T02:00:00-08:00'),
			),
		);
		expect(idsOf(result)).toEqual(['third', 'second', 'first']);
	});

	it('returns the rides of several athletes item by item', async () => {
		const [one, two] = stage.sandbox.users;
		const { items } = await stage.run(
			{ user: byId('={{ $json.id }}'), limit: 2 },
			{ input: [{ json: { id: one!.user_id } }, { json: { id: two!.user_id } }] },
		);
		expect(
			items.map(({ json, pairedItem }) => [(json.user as { user_id: string }).user_id, pairedItem]),
		).toEqual([
			[one!.user_id, { item: 0 }],
			[one!.user_id, { item: 0 }],
			[two!.user_id, { item: 1 }],
			[two!.user_id, { item: 1 }],
		]);
	});

	it('says so if there is nothing', async () => {
		const { items, hints } = await stage.run(athleteWith());
		expect(items).toEqual([]);
		expect(hints).toEqual([expect.stringContaining('Terra has nothing in this period')]);
	});
});

describe("the athlete's own days", () => {
	it('are the days where the ride took place, at both ends of the range', async () => {
		const result = await stage.run({
			...athleteWith(
				ride('the evening before', '2026-11-09T23:59:00-08:00'),
				ride('first morning in Auckland', '2026-11-10T05:00:00+13:00'),
				ride('last evening in Honolulu', '2026-11-11T21:00:00-10:00'),
				ride('the morning after', '2026-11-12T00:01:00+13:00'),
			),
			...days('2026-11-10', '2026-11-11'),
		});
		expect(idsOf(result)).toEqual(['last evening in Honolulu', 'first morning in Auckland']);
	});

	it('are also taken from times without an offset', async () => {
		const result = await stage.run({
			...athleteWith(
				ride('in', '2026-11-10T05:00:00.000000'),
				ride('out', '2026-11-11T05:00:00.000000'),
			),
			...days('2026-11-10', '2026-11-10'),
		});
		expect(idsOf(result)).toEqual(['in']);
	});

	it.each([
		['2028-02-29', '2028-02-29'],
		['2026-03-29', '2026-03-29'],
		['2026-10-25', '2026-10-25'],
	])('include a single day: %s', async (from, to) => {
		stage.setNow('2028-03-05T12:00:00Z');
		const result = await stage.run(
			{
				...athleteWith(
					ride(
						'before',
						`${from.slice(0, 8)}${String(Number(from.slice(8)) - 1).padStart(2, '0')}T23:59:59+01:00`,
					),
					ride('first second', `${from}T00:00:00+01:00`),
					ride('last second', `${from}T23:59:59+01:00`),
				),
				...days(from, to),
			},
			{ timezone: 'Europe/Madrid' },
		);
		expect(idsOf(result)).toEqual(['last second', 'first second']);
	});
});

describe('Period', () => {
	const asked = async (parameters: object, timezone = 'UTC') => {
		stage.sandbox.requests.length = 0;
		await stage.run({ returnAll: true, options: { order: 'oldest' }, ...parameters }, { timezone });
		const reads = stage.reads();
		return [reads[0]!.query.start_date, reads.at(-1)!.query.end_date];
	};
	beforeEach(() => {
		stage.sandbox.settings.longInlineRequest = 'inline';
	});

	it.each([
		['last7Days', '2026-11-15'],
		['last30Days', '2026-10-23'],
		['last90Days', '2026-08-24'],
		['thisWeek', '2026-11-15'],
		['thisMonth', '2026-10-31'],
		['thisYear', '2025-12-31'],
		['allTime', '2010-11-26'],
	])('%s starts on the day after %s', async (period, dayBefore) => {
		expect(await asked({ period })).toEqual([dayBefore, '2026-11-24']);
	});

	it.each(['UTC', 'Europe/Berlin', 'America/Los_Angeles'])(
		'up to the present includes a ride of an athlete whose time zone is ahead (%s)',
		async (timezone) => {
			stage.setNow('2026-11-22T20:00:00Z');
			const ahead = athleteWith(ride('ahead', '2026-11-23T07:00:00+12:00'));
			for (const period of ['allTime', 'last7Days', 'thisMonth', 'last30Days']) {
				expect(idsOf(await stage.run({ ...ahead, period }, { timezone }))).toEqual(['ahead']);
			}
			const open = { ...days('2026-11-20', ''), ...ahead };
			expect(idsOf(await stage.run(open, { timezone }))).toEqual(['ahead']);
		},
	);

	it.each(['2026/03/01', '3/1/2026', '1 Mar 2026', '01.03.2026', 'March 1', '20260301', 0, 46082])(
		'rejects an ambiguous date: %p',
		async (from) => {
			const failure = await failureOf(
				stage.run(days(from as string, '2026-11-09'), { timezone: 'America/New_York' }),
			);
			expect(failure.message).toBe("'From' is not a date");
			expect(failure.description).toContain('2026-01-31');
		},
	);

	it.each([
		['2026-03-01', '2026-03-01'],
		['2026-03-01T00:00:00', '2026-03-01'],
		['2026-03-01 23:30', '2026-03-01'],
		['2026-03-01T23:30:00-05:00', '2026-03-01'],
		['2026-03-02T02:00:00Z', '2026-03-01'],
		['={{ $now.set({ year: 2026, month: 3, day: 1, hour: 23 }) }}', '2026-03-01'],
		['={{ new Date(Date.UTC(2026, 2, 2, 3)) }}', '2026-03-01'],
	])("reads %p as the day in the workflow's time zone", async (from, day) => {
		const { items } = await stage.run(
			{
				...athleteWith(
					ride('before', '2026-02-28T12:00:00-05:00'),
					ride('on', `${day}T12:00:00-05:00`),
				),
				...days(from, '2026-03-31'),
			},
			{ timezone: 'America/New_York' },
		);
		expect(items).toHaveLength(1);
	});

	it("takes today's date from the workflow's time zone", async () => {
		stage.setNow('2026-11-22T23:30:00Z');
		expect(await asked({ period: 'last7Days' }, 'Asia/Tokyo')).toEqual([
			'2026-11-16',
			'2026-11-24',
		]);
		stage.setNow('2026-11-22T00:30:00Z');
		expect(await asked({ period: 'last7Days' }, 'America/New_York')).toEqual([
			'2026-11-14',
			'2026-11-24',
		]);
	});

	it.each([
		['text', '2026-11-03', '2026-11-04'],
		['text with a time', '2026-11-03T23:30:00', '2026-11-04T00:00:00'],
		['text with another zone', '2026-11-02T23:30:00Z', '2026-11-04T22:00:00Z'],
		[
			'DateTime objects',
			"={{ DateTime.fromISO('2026-11-03') }}",
			"={{ DateTime.fromISO('2026-11-04') }}",
		],
		[
			'Date objects',
			"={{ new Date('2026-11-03T12:00:00Z') }}",
			"={{ new Date('2026-11-04T12:00:00Z') }}",
		],
	])('accepts a custom range as %s', async (_, from, to) => {
		expect(await asked(days(from, to), 'Europe/Madrid')).toEqual(['2026-11-02', '2026-11-06']);
	});

	it("reads an empty 'To' as today", async () => {
		expect(await asked(days('2026-11-20', ''))).toEqual(['2026-11-19', '2026-11-24']);
	});

	it('requests nothing in the future', async () => {
		expect(await asked(days('2026-11-20', '2027-11-20'))).toEqual(['2026-11-19', '2026-11-24']);
		const { items } = await stage.run({ ...days('2030-01-01', '2030-02-01') });
		expect(items).toEqual([]);
	});

	it('may end on the last day of the calendar', async () => {
		const endless = await stage.run({ ...days('2026-11-10', '9999-12-31'), returnAll: true });
		expect(endless.items.length).toBeGreaterThan(0);
		const known = await stage.run({ ...days('2026-11-10', '2026-11-30'), returnAll: true });
		expect(idsOf(endless)).toEqual(idsOf(known));
	});

	it('may start in 1970', async () => {
		stage.sandbox.settings.daysPerHour = 1_000_000;
		expect(await asked(days('1970-01-01', '1970-01-01'))).toEqual(['1969-12-31', '1970-01-03']);
	});

	it.each([
		[1_825, 1_823],
		[1_826, 1_824],
	])('requests %d days without exceeding the limit of a request', async (_length, before) => {
		const from = new Date(Date.parse('2026-11-21') - before * 86_400_000)
			.toISOString()
			.slice(0, 10);
		await asked({ operation: 'requestBackfill', ...days(from, '2026-11-21') });
		expect(stage.reads().every(({ status }) => status === 200)).toBe(true);
		expect(Math.max(...stage.reads().map(lengthOf))).toBe(1_825);
	});

	it.each([
		[days('2026-11-10', '2026-11-09'), "'From' is after 'To'", '2026-11-10'],
		[days('', '2026-11-09'), "'From' is empty", 'Choose a day'],
		[days('={{ $json.nothing }}', '2026-11-09'), "'From' is empty", 'it yields no value here'],
		[days('tomorrow-ish', '2026-11-09'), "'From' is not a date", 'tomorrow-ish'],
		[days('2026-02-30', '2026-11-09'), "'From' is not a date", '2026-02-30'],
		[days('2026-11-01', 'soon'), "'To' is not a date", 'soon'],
		[days('0001-01-01', '2026-11-09'), "'From' is before 1970-01-01", "'All Time'"],
		[{ period: 'lastCentury' }, "'Period' has an unknown value", 'last30Days'],
		[{ limit: 0 }, "'Limit' must be a whole number of at least 1", '0'],
		[{ limit: 'many' }, "'Limit' must be a whole number of at least 1", 'many'],
		[
			{ options: { longestWait: '' } },
			"'Longest Wait (Minutes)' must be a whole number of at least 0",
			'empty',
		],
		[
			{ options: { longestWait: 1.5 } },
			"'Longest Wait (Minutes)' must be a whole number of at least 0",
			'1.5',
		],
		[{ options: { withSamples: 'maybe' } }, "'Include Samples' is neither true nor false", 'maybe'],
		[{ options: { order: 'random' } }, "'Order' has an unknown value", 'newest, oldest'],
	])('says what is wrong with %j', async (parameters, message, hint) => {
		const failure = await failureOf(stage.run(parameters));
		expect(failure.message).toBe(message);
		expect(failure.description).toContain(hint);
		expect(stage.sandbox.requests).toEqual([]);
	});
});

describe('every data type', () => {
	const garmin = () =>
		byId(stage.sandbox.users.find(({ provider }) => provider === 'GARMIN')!.user_id);

	it.each(['activity', 'body', 'daily', 'nutrition', 'sleep'])(
		'%s returns each record once, in order',
		async (resource) => {
			const result = await stage.run({
				resource,
				user: garmin(),
				returnAll: true,
				period: 'last90Days',
			});
			const starts = startsOf(result);
			expect(starts.length).toBeGreaterThan(10);
			expect(
				new Set(raw(result).map(({ data }) => data.metadata.summary_id ?? data.metadata.start_time))
					.size,
			).toBe(starts.length);
			expect(starts).toEqual([...starts].sort((a, b) => Date.parse(b) - Date.parse(a)));
			expect(raw(result).every(({ type }) => type === resource)).toBe(true);
		},
	);

	it('menstruation is supported as well', async () => {
		const { items } = await stage.run({ resource: 'menstruation', user: garmin() });
		expect(items.every(({ json }) => json.type === 'menstruation')).toBe(true);
		expect(stage.reads()[0]!.path).toBe('/api/v2/menstruation');
	});

	it('a profile is one item', async () => {
		const { items } = await stage.run({ resource: 'athlete', operation: 'get' });
		expect(items).toHaveLength(1);
		expect(items[0]).toMatchObject({
			json: { type: 'athlete', user: { user_id: athlete }, data: expect.any(Object) },
			pairedItem: { item: 0 },
		});
	});

	it('a profile must be that of the requested athlete', async () => {
		const user = { user_id: stage.sandbox.users[1]!.user_id };
		const body = { user, athlete: { first_name: 'Ada' } };
		stage.sandbox.faults.add({ kind: 'status', status: 200, path: '/athlete', body });
		const failure = await failureOf(stage.run({ resource: 'athlete', operation: 'get' }));
		expect(failure.message).toBe("Terra's answer does not match the request");
	});

	it('an empty profile is reported', async () => {
		const body = { user: null, data: null };
		stage.sandbox.faults.add({ kind: 'status', status: 200, path: '/athlete', body });
		const { items, hints } = await stage.run({ resource: 'athlete', operation: 'get' });
		expect(items).toEqual([]);
		expect(hints).toEqual(['Terra has no profile: the provider does not share one.']);
	});

	it('a type that Xert does not have is reported', async () => {
		const failure = await failureOf(stage.run({ resource: 'sleep' }));
		expect(failure.message).toBe('This connection has no sleep data');
		expect(failure.description).toContain('Xert supplies activities only');
		expect(stage.reads()).toHaveLength(1);
	});
});

describe('Request Backfill', () => {
	it('returns the references that the deliveries will have', async () => {
		const { items } = await stage.run({
			operation: 'requestBackfill',
			...days('2026-11-01', '2026-11-10'),
		});
		expect(items).toEqual([
			{
				json: {
					type: 'backfill',
					data_type: 'activity',
					reference: expect.stringMatching(/^[\w-]{36}$/),
					status: 'success',
					message: null,
					user: expect.objectContaining({ user_id: athlete }),
					start_date: '2026-10-31',
					end_date: '2026-11-12',
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(stage.reads()[0]!.query).toMatchObject({ to_webhook: 'true', with_samples: 'false' });
		expect(stage.reads()[0]!.query).not.toHaveProperty('retry_if_rate_limited');
	});

	it('rejects a receipt about another athlete', async () => {
		const user = { user_id: stage.sandbox.users[1]!.user_id };
		const body = { user, status: 'success', reference: 'r' };
		stage.sandbox.faults.add({ kind: 'status', status: 200, path: '/activity', body });
		const failure = await failureOf(stage.run({ operation: 'requestBackfill' }));
		expect(failure.message).toBe("Terra's answer does not match the request");
	});

	it('splits years into requests that Terra accepts', async () => {
		const { items } = await stage.run({
			operation: 'requestBackfill',
			...days('2018-01-01', '2026-11-21'),
		});
		expect(items.length).toBe(2);
		expect(stage.reads().map(({ status }) => status)).toEqual([200, 200]);
	});

	it('sends its options', async () => {
		await stage.run({
			operation: 'requestBackfill',
			options: { withSamples: true },
		});
		expect(stage.reads()[0]!.query).toMatchObject({ with_samples: 'true', to_webhook: 'true' });
	});
});

function lengthOf({ query }: { query: Record<string, string> }): number {
	return (Date.parse(query.end_date!) - Date.parse(query.start_date!)) / 86_400_000;
}
