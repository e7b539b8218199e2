import type { INodeParameters } from 'n8n-workflow';
import { byId, setStage, type Stage } from './historySupport';

let stage: Stage;
beforeEach(async () => {
	stage = await setStage();
});
afterEach(async () => await stage.sandbox.close());

const everyone = { athletes: 'everyone', provider: { __rl: true, mode: 'list', value: 'XERT' } };
const lastWeek = { period: 'custom', from: '2026-11-09', to: '2026-11-15' };

const run = async (parameters: INodeParameters = {}) => {
	const { items } = await stage.run({ operation: 'getSummary', ...parameters });
	return items.map(({ json }) => json);
};

/** The rides as Get Many returns them. */
const rides = async (parameters: INodeParameters) => {
	const { items } = await stage.run({
		operation: 'getAll',
		simplify: true,
		columns: 'full',
		returnAll: true,
		...parameters,
	});
	return items.map(({ json }) => json);
};

const sumOf = (rows: Array<Record<string, unknown>>, name: string) =>
	rows.reduce((sum, row) => sum + (row[name] as number), 0);

describe('Get Summary', () => {
	it("returns the totals of each athlete's week, the longest distance first", async () => {
		const rows = await run({ ...everyone, ...lastWeek });
		const ridden = await rides({ ...everyone, ...lastWeek });
		expect(rows.map(({ reference_id }) => reference_id).sort()).toEqual([
			'rider-1',
			'rider-2',
			'rider-3',
		]);
		for (const row of rows) {
			const own = ridden.filter(({ user_id }) => user_id === row.user_id);
			expect(row).toMatchObject({
				athlete: row.reference_id,
				period_start: '2026-11-09',
				period_end: '2026-11-15',
				rides: own.length,
				rides_without_load: 0,
				moving_seconds: sumOf(own, 'moving_seconds'),
				distance_meters: expect.closeTo(sumOf(own, 'distance_meters'), 0),
				training_load: expect.closeTo(sumOf(own, 'tss'), 0),
				longest_seconds: Math.max(...own.map(({ moving_seconds }) => Number(moving_seconds))),
			});
			expect(row.sentence).toMatch(
				/^\d+ rides? of rider-\d, 9 Nov 2026 to 15 Nov 2026: \d+ km in [\d:]+, \d+ m of climbing, load \d+, form -?\d+\.$/,
			);
		}
		const distances = rows.map(({ distance_meters }) => Number(distance_meters));
		expect(distances).toEqual([...distances].sort((a, b) => b - a));
	});

	it('has a row for each day, with the fitness from all days before', async () => {
		const days = await run({ groupBy: 'day', period: 'last30Days' });
		expect(days).toHaveLength(30);
		expect(days.at(-1)).toMatchObject({ period_start: '2026-11-22', period_end: '2026-11-22' });
		const rests = days.filter(({ rides: count }) => count === 0);
		expect(rests.length).toBeGreaterThan(0);
		expect(rests[0]).toMatchObject({ distance_meters: 0, training_load: 0, longest_seconds: null });
		expect(rests[0]!.sentence).toMatch(/^No rides of rider-1, \d+ \w+ 2026: form -?\d+\.$/);

		// Calculated independently: what is left of each ride of the last years.
		const all = await rides({ period: 'custom', from: '2026-02-01' });
		const left = (over: number) =>
			all.reduce((sum, { tss, local_date }) => {
				const age = (Date.parse('2026-11-22') - Date.parse(String(local_date))) / 86_400_000;
				return sum + Number(tss) * (1 - Math.exp(-1 / over)) * Math.exp(-age / over);
			}, 0);
		const last = days.at(-1)!;
		expect(last.fitness).toBeCloseTo(left(42), 0);
		expect(last.fatigue).toBeCloseTo(left(7), 0);
		expect(last.form).toBeCloseTo(Number(last.fitness) - Number(last.fatigue), 0);
	});

	it('starts with a whole week or month, and ends with the part of the last one so far', async () => {
		const period = { period: 'custom', from: '2026-10-15', to: '2026-11-20' };
		const months = await run({ ...period, groupBy: 'month', units: 'metric' });
		expect(months.map((row) => [row.period_start, row.period_end])).toEqual([
			['2026-10-01', '2026-10-31'],
			['2026-11-01', '2026-11-20'],
		]);
		expect(months[0]).toHaveProperty('longest_distance_kilometers');
		const weeks = await run({ ...period, groupBy: 'sundayWeek' });
		expect(weeks[0]!.period_start).toBe('2026-10-11');
	});

	it('counts only rides that pass the filters', async () => {
		const [all] = await run(lastWeek);
		const [none] = await run({ ...lastWeek, filters: { minDistance: 1000 } });
		expect(all!.rides).toBeGreaterThan(0);
		expect(none).toBeUndefined();
	});

	it('finds the bests of a week in its samples, and requests none of earlier days', async () => {
		const bests = ['best_power_60s_watts', 'best_power_5s_watts'];
		const [row] = await run({ ...lastWeek, bests });
		const single = await rides({ ...lastWeek, figures: bests });
		for (const name of bests) {
			expect(row![name]).toBe(Math.max(...single.map((ride) => Number(ride[name]))));
		}
		const early = stage.reads().filter(({ query }) => String(query.start_date) < '2026-10-20');
		expect(early.length).toBeGreaterThan(0);
		expect(early.filter(({ query }) => query.with_samples === 'true')).toEqual([]);
	});

	it('has no fitness if days are missing, since it would be too low', async () => {
		stage.sandbox.faults.add({ kind: 'status', status: 500, from: '2026-03-10', to: '2026-03-12' });
		const [row] = await run(lastWeek);
		expect(row).toMatchObject({ rides: expect.any(Number), fitness: null, form: null });
		expect(row!.sentence).not.toContain('form');
	});

	it('ends today, even if the last day is later', async () => {
		const period = { period: 'custom', from: '2026-11-16', groupBy: 'day' };
		const days = await run({ ...period, to: '9999-12-31' });
		expect(days.map(({ period_start }) => period_start)).toEqual(
			Array.from({ length: 7 }, (_, index) => `2026-11-${16 + index}`),
		);
		expect(await run({ ...period, from: '2027-01-01', to: '9999-12-31' })).toEqual([]);
	});

	it.each(['9999-12-31', '2045-02-01', '2026-13-45', '2026-11-31'])(
		'is correct for the other rides if a device recorded %s instead of today',
		async (day) => {
			const { user_id } = stage.sandbox.users[0]!;
			const period = { period: 'last7Days', groupBy: 'day' };
			const before = await run(period);
			const { activity } = await stage.sandbox.finishRide({ userId: user_id, deliver: false });
			await stage.sandbox.updateActivity(
				user_id,
				activity.metadata.summary_id,
				{ metadata: { start_time: `${day}T08:00:00Z`, end_time: `${day}T08:05:00Z` } },
				{ deliver: false },
			);
			expect(await run(period)).toEqual(before);
		},
	);

	it.each([
		['after', 0],
		['before', 1],
	])('leaves out a ride that Terra returns %s the note that it was deleted', async (_, first) => {
		const { items } = await stage.run({ operation: 'getAll', ...lastWeek });
		const [ride, other] = items.map(({ json }) => json.data as { metadata: object });
		const deleted = { ...ride!, metadata: { ...ride!.metadata, upload_type: 4 } };
		const pair = first === 0 ? [deleted, ride] : [ride, deleted];
		const body = { type: 'activity', user: items[0]!.json.user, data: [...pair, other] };
		stage.sandbox.faults.add({ kind: 'status', status: 200, body });
		const [row] = await run(lastWeek);
		expect(row).toMatchObject({ rides: 1 });
	});

	it('has no row for an athlete without rides', async () => {
		const walker = stage.sandbox.users.find(({ provider }) => provider === 'GARMIN')!;
		const rows = await run({ user: byId(walker.user_id), ...lastWeek });
		expect(rows.every(({ provider }) => provider === 'GARMIN')).toBe(true);
	});
});
