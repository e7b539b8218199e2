import type { INodeParameters } from 'n8n-workflow';
import { setStage, type Stage } from './historySupport';

let stage: Stage;
beforeAll(async () => {
	stage = await setStage({
		users: [{ provider: 'XERT', reference_id: 'rider-1', rideSeconds: 2500 }],
	});
});
afterAll(async () => await stage.sandbox.close());

const run = async (parameters: INodeParameters = {}) => {
	const { items } = await stage.run({ simplify: true, limit: 1, ...parameters });
	return items.map(({ json }) => json);
};

const sumOf = (rows: Array<Record<string, unknown>>, name: string) =>
	rows.reduce((sum, row) => sum + (row[name] as number), 0);

describe('one item for each lap', () => {
	it('returns the laps of a ride in order, which add up to the ride', async () => {
		const [ride] = await run({ columns: 'full', figures: ['power_zones'] });
		const laps = await run({ laps: true, figures: ['power_zones', 'best_power_60s_watts'] });
		expect(laps.length).toBeGreaterThan(1);
		expect(laps.map(({ lap }) => lap)).toEqual(laps.map((_, index) => index + 1));
		expect(new Set(laps.map(({ lap_key }) => lap_key)).size).toBe(laps.length);
		expect(laps[0]).toMatchObject({
			activity_key: ride!.activity_key,
			lap_key: `${String(ride!.activity_key)}:1`,
			reference_id: 'rider-1',
			start_time: expect.stringContaining(String(ride!.start_time).slice(0, 19)),
		});
		const starts = laps.map(({ start_time }) => Date.parse(String(start_time)));
		expect(starts).toEqual([...starts].sort());
		for (const name of ['moving_seconds', 'distance_meters'] as const) {
			expect(Math.abs(sumOf(laps, name) - (ride![name] as number))).toBeLessThan(1);
		}
		for (let zone = 1; zone <= 7; zone++) {
			const name = `power_zone_${zone}_seconds`;
			expect(sumOf(laps, name)).toBe(ride![name]);
		}
		expect(laps.every(({ best_power_60s_watts: best }) => Number(best) > 0)).toBe(true);
	});

	it('counts activities for the limit, and uses the chosen units', async () => {
		const laps = await run({ laps: true, limit: 2, units: 'imperial', format: { times: 'local' } });
		expect(new Set(laps.map(({ activity_key }) => activity_key)).size).toBe(2);
		expect(laps[0]).toHaveProperty('distance_miles');
		expect(laps[0]!.start_time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
	});

	it('leaves cells empty that a ride without laps cannot fill', async () => {
		const { user_id } = stage.sandbox.users[0]!;
		const { activity } = await stage.sandbox.finishRide({ userId: user_id, deliver: false });
		await stage.sandbox.updateActivity(
			user_id,
			activity.metadata.summary_id,
			{ metadata: { end_time: null }, lap_data: null },
			{ deliver: false },
		);
		const [lap] = await run({ laps: true });
		expect(lap).toMatchObject({ lap: 1, elapsed_seconds: null });
		expect(lap!.activity_key).toContain(activity.metadata.summary_id);
	});
});
