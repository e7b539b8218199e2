import type { INodeParameters } from 'n8n-workflow';
import { byId, failureOf, idsOf, ride, setStage, type Stage } from './historySupport';

let stage: Stage;
let athlete: string;
beforeEach(async () => {
	stage = await setStage({
		users: [{ provider: 'XERT', reference_id: 'rider-1', historyDays: 0 }],
	});
	athlete = stage.sandbox.users[0]!.user_id;
});
afterEach(async () => await stage.sandbox.close());

/** Adds rides, each given as days ago and a distance in kilometres; the oldest first. */
function addRides(...rides: Array<[daysAgo: number, km?: number, more?: object]>): void {
	const start = (daysAgo: number) =>
		new Date(Date.parse('2026-11-22T08:00:00Z') - daysAgo * 86_400_000).toISOString();
	stage.sandbox.addActivities(
		athlete,
		rides.map(([daysAgo, km, more]) => {
			const { metadata } = ride(`${daysAgo} days ago`, start(daysAgo));
			return {
				metadata: { ...metadata, ...more },
				...(km !== undefined && { distance_data: { summary: { distance_meters: km * 1000 } } }),
			};
		}) as never,
	);
}

const latest = (parameters: INodeParameters = {}): INodeParameters => ({
	period: 'latest',
	...parameters,
});

describe('Period: Latest', () => {
	it('returns the last ride, with a single request if it was recent', async () => {
		addRides([40], [9], [2]);
		const result = await stage.run(latest());
		expect(idsOf(result)).toEqual(['2 days ago']);
		expect(stage.reads()).toHaveLength(1);
		expect(result.hints).toEqual([]);
	});

	it('looks back only as far as needed', async () => {
		addRides([300], [200], [100], [2]);
		expect(idsOf(await stage.run(latest({ howMany: 3 })))).toEqual([
			'2 days ago',
			'100 days ago',
			'200 days ago',
		]);
		const first = stage.reads().at(-1)!.query.start_date!;
		expect(first <= '2026-05-06' && first > '2026-03-01').toBe(true);
	});

	it('looks back one year, and says so if it finds too few', async () => {
		addRides([366], [364], [2]);
		const result = await stage.run(latest({ howMany: 5 }));
		expect(idsOf(result)).toEqual(['2 days ago', '364 days ago']);
		expect(result.hints).toContainEqual(expect.stringContaining('Found only 2 of the latest 5'));
		expect(stage.reads().length).toBeLessThan(16);
	});

	it('says so if there is nothing', async () => {
		const result = await stage.run(latest());
		expect(result.items).toEqual([]);
		expect(result.hints).toContainEqual(expect.stringContaining('Terra has nothing'));
	});

	it('can return the newest rides in ascending order', async () => {
		addRides([30], [20], [10]);
		const result = await stage.run(latest({ howMany: 2, options: { order: 'oldest' } }));
		expect(idsOf(result)).toEqual(['20 days ago', '10 days ago']);
	});

	it('includes deleted rides only if asked to', async () => {
		addRides([5], [1, undefined, { upload_type: 4 }]);
		expect(idsOf(await stage.run(latest()))).toEqual(['5 days ago']);
		const all = await stage.run(latest({ options: { includeDeleted: true } }));
		expect(idsOf(all)).toEqual(['1 days ago']);
	});

	it('returns the last ride that passes the filters', async () => {
		addRides([90, 60], [60, 20], [2, 20]);
		const result = await stage.run(latest({ filters: { minDistance: 50 } }));
		expect(idsOf(result)).toEqual(['90 days ago']);
	});

	it.each([0, -1, 1.5, 'many'])('rejects a number that is not a whole one: %p', async (howMany) => {
		const failure = await failureOf(stage.run(latest({ howMany })));
		expect(failure.message).toContain("'How Many' must be a whole number");
	});

	it('is not offered for Request Backfill, which cannot stop early', async () => {
		const failure = await failureOf(stage.run(latest({ operation: 'requestBackfill' })));
		expect(failure.message).toContain("'Period' has an unknown value");
		expect(stage.reads()).toEqual([]);
	});
});

describe('Filters', () => {
	const allTime = (filters: INodeParameters, more: INodeParameters = {}): INodeParameters => ({
		period: 'last30Days',
		returnAll: true,
		filters,
		...more,
	});

	it('apply before the limit', async () => {
		addRides([9, 60], [5, 70], [4, 10], [3, 10]);
		const one = await stage.run(allTime({ minDistance: 50 }, { returnAll: false, limit: 1 }));
		expect(idsOf(one)).toEqual(['5 days ago']);
	});

	it.each([
		['of these kinds', { activityTypes: [0, 18] }, ['6 days ago', '1 days ago']],
		[
			'of a distance',
			{ minDistance: 49.9 },
			['6 days ago', '5 days ago', '3 days ago', '2 days ago'],
		],
		[
			'not entered by hand',
			{ leaveOut: [2] },
			['6 days ago', '5 days ago', '4 days ago', '2 days ago', '1 days ago'],
		],
		['of a duration', { minDuration: 1 }, ['2 days ago']],
		['of a kind and a distance', { activityTypes: [18], minDistance: 5 }, []],
		['of any kind', {}, [6, 5, 4, 3, 2, 1].map((daysAgo) => `${daysAgo} days ago`)],
	] as Array<[string, INodeParameters, string[]]>)(
		'keep rides %s',
		async (_what, filters, expected) => {
			addRides(
				[6, undefined, { type: 0 }],
				[5, 50],
				[4, 10],
				[3, 80, { upload_type: 2 }],
				[2, 60, { end_time: '2026-11-20T09:30:00.000Z' }],
				[1, 1, { type: 18 }],
			);
			expect(idsOf(await stage.run(allTime(filters))).sort()).toEqual([...expected].sort());
		},
	);

	it('are named in the hint if nothing passes', async () => {
		addRides([2, 10]);
		const { items, hints } = await stage.run(allTime({ minDistance: 50 }));
		expect(items).toEqual([]);
		expect(hints).toContainEqual(expect.stringContaining("nothing that passes 'Filters'"));
	});

	it('are named in the error if invalid', async () => {
		const failure = await failureOf(stage.run(allTime({ minDistance: 'far' })));
		expect(failure.message).toContain("'Minimum Distance (Km)'");
	});

	it('do not affect other types of data', async () => {
		const walker = stage.sandbox.addUser({ provider: 'GARMIN', reference_id: 'walker-1' });
		const user = byId(walker.user_id);
		const parameters = { resource: 'daily', period: 'last7Days', user };
		const { items } = await stage.run(allTime({ minDistance: 50_000 }, parameters));
		expect(items.length).toBeGreaterThan(3);
		const { items: last } = await stage.run({ ...latest(), resource: 'daily', user });
		expect(last).toHaveLength(1);
	});
});

describe('Export of a period', () => {
	const files = async (parameters: INodeParameters) => {
		const { items } = await stage.run({
			operation: 'export',
			activities: 'period',
			fileFormat: 'chart',
			...parameters,
		});
		return items.map(({ json }) => json.file_name);
	};

	it('exports the last ride, or the last that passes the filters', async () => {
		addRides([60, 80], [40, 20], [3, 20]);
		expect(await files(latest())).toEqual([expect.stringContaining('2026-11-19')]);
		expect(stage.reads()).toHaveLength(1);
		expect(await files(latest({ filters: { minDistance: 50 } }))).toEqual([
			expect.stringContaining('2026-09-23'),
		]);
	});

	it('filters before the limit', async () => {
		addRides([9, 80], [5, 70], [3, 20]);
		const parameters = { period: 'last30Days', returnAll: false, limit: 1 };
		expect(await files({ ...parameters, filters: { minDistance: 50 } })).toEqual([
			expect.stringContaining('2026-11-17'),
		]);
	});
});
