import type { INodeParameters } from 'n8n-workflow';
import { byId, setStage, type Stage } from './historySupport';

let stage: Stage;
let everything: string;
beforeEach(async () => {
	stage = await setStage();
	everything = stage.sandbox.users.find(({ provider }) => provider === 'GARMIN')!.user_id;
});
afterEach(async () => await stage.sandbox.close());

const run = async (parameters: INodeParameters = {}) => {
	const { items } = await stage.run({ simplify: true, limit: 3, ...parameters });
	return items.map(({ json }) => json);
};

const isFlat = (row: object) =>
	Object.values(row).every((cell) => cell === null || typeof cell !== 'object');

describe('Get Many of activities', () => {
	it('returns ten useful columns in a fixed order', async () => {
		const [row] = await run();
		expect(Object.keys(row!)).toEqual([
			'reference_id',
			'local_date',
			'name',
			'duration',
			'moving_seconds',
			'distance_meters',
			'gain_actual_meters',
			'avg_watts',
			'tss',
			'activity_key',
		]);
		expect(isFlat(row!)).toBe(true);
		expect(row!.duration).toMatch(/^\d+:\d\d:\d\d$/);
	});

	it('returns every column, or the chosen ones', async () => {
		const [full] = await run({ columns: 'full' });
		expect(Object.keys(full!).length).toBeGreaterThan(30);
		expect(isFlat(full!)).toBe(true);
		const [selected] = await run({ columns: 'selected', selectedColumns: ['tss', 'name'] });
		expect(Object.keys(selected!)).toEqual(['tss', 'name']);
	});

	it('computes the chosen figures from samples that it requests itself', async () => {
		const [row] = await run({
			columns: 'full',
			figures: ['best_power_60s_watts', 'weighted_power_watts', 'power_zones', 'training_load'],
		});
		// The sandbox computes Terra's own figures independently.
		expect(row!.weighted_power_watts).toBeCloseTo(row!.normalized_power_watts as number, 0);
		expect(row!.training_load).toBeCloseTo(row!.tss as number, -1);
		expect(row!.best_power_60s_watts).toBeGreaterThan(row!.avg_watts as number);
		expect(Object.keys(row!).slice(-10)).toEqual([
			'best_power_60s_watts',
			...[1, 2, 3, 4, 5, 6, 7].map((zone) => `power_zone_${zone}_seconds`),
			'training_load',
			'weighted_power_watts',
		]);
		expect(isFlat(row!)).toBe(true);
	});

	it("computes zones and load from the athlete's numbers, which a table can provide", async () => {
		const figures = ['power_zones', 'training_load', 'watts_per_kg', 'heart_rate_zones'];
		const [strong] = await run({ figures, athleteNumbers: { thresholdWatts: 2000, weightKg: 50 } });
		expect(strong).toMatchObject({ power_zone_2_seconds: 0, heart_rate_zone_1_seconds: null });
		const [weak] = await run({
			figures,
			athleteNumbers: {
				thresholdWatts: '100',
				weightKg: '',
				maxHeartRate: 190,
				powerZones: '90,150',
			},
		});
		expect(weak!.training_load).toBeGreaterThan(100 * (strong!.training_load as number));
		expect(weak).toMatchObject({
			power_zone_3_seconds: expect.any(Number),
			power_zone_4_seconds: null,
			heart_rate_zone_1_seconds: expect.any(Number),
			best_power_60s_watts_per_kg: null,
		});
	});

	it.each([
		[{ figures: ['tss'] }, "'Computed Figures' has an unknown value"],
		[
			{ figures: ['power_zones'], athleteNumbers: { powerZones: '90, 75' } },
			"'Power Zone Limits (%)' is not a list of rising percentages",
		],
		[
			{ figures: ['power_zones'], athleteNumbers: { thresholdWatts: 'strong' } },
			"'Threshold Power (W)' must be a number of at least 0",
		],
	])('says what is wrong with %j', async (parameters, message) => {
		await expect(run(parameters)).rejects.toThrow(message);
	});

	it('never puts samples into a row, even if they were requested', async () => {
		const rows = await run({ columns: 'full', options: { withSamples: true } });
		expect(rows.every(isFlat)).toBe(true);
		expect(JSON.stringify(rows).length).toBeLessThan(5_000);
	});

	it('formats units, times and texts as chosen', async () => {
		const [row] = await run({
			columns: 'full',
			units: 'imperial',
			format: { times: 'utc', sentence: true, slack: true },
		});
		expect(row).toMatchObject({
			distance_miles: expect.any(Number),
			start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/),
			sentence: expect.stringMatching(/ mi in /),
			slack: { blocks: [{ type: 'header' }, { type: 'section' }, { type: 'context' }] },
		});
	});

	it('leaves a name unchanged unless a spreadsheet would run it', async () => {
		const { user_id } = stage.sandbox.addUser({ historyDays: 0, ridesPerWeek: 0 });
		const start_time = '2026-11-20T09:00:00+01:00';
		stage.sandbox.addActivities(user_id, [
			{ metadata: { summary_id: '1', start_time, end_time: start_time, type: 16, name: '=1+1' } },
		]);
		const [row] = await run({ user: byId(user_id) });
		expect(row).toMatchObject({ name: '=1+1', distance_meters: null });
		const [protectedRow] = await run({ user: byId(user_id), format: { protectText: true } });
		expect(protectedRow).toEqual({ ...row, name: "'=1+1" });
	});
});

describe('other types of data', () => {
	it.each(['body', 'daily', 'menstruation', 'nutrition', 'sleep'])(
		'have rows of their own, with a key to update them by: %s',
		async (resource) => {
			const rows = await run({ resource, user: byId(everything) });
			expect(rows.length).toBeGreaterThan(0);
			for (const row of rows) {
				expect(Object.keys(row)[0]).toBe(`${resource}_key`);
				expect(row[`${resource}_key`]).toMatch(/^walker-1:GARMIN:./);
				expect(isFlat(row)).toBe(true);
			}
		},
	);

	it('have the same key in the raw form', async () => {
		const of = async (simplify: boolean) =>
			(await run({ resource: 'sleep', user: byId(everything), simplify })).map(
				({ sleep_key }) => sleep_key,
			);
		const keys = await of(true);
		expect(keys.length).toBeGreaterThan(0);
		expect(await of(false)).toEqual(keys);
	});

	it("include an athlete's profile", async () => {
		const [row] = await run({ resource: 'athlete', operation: 'get', user: byId(everything) });
		expect(row).toMatchObject({ athlete_key: 'walker-1:GARMIN', first_name: expect.any(String) });
		expect(isFlat(row!)).toBe(true);
	});
});
