import fc from 'fast-check';
import { rideOf } from '../../../nodes/Terra/ride/ride';

const START = Date.UTC(2026, 10, 21, 9);
const time = (second: number) => new Date(START + second * 1000).toISOString();
const samples = Array.from({ length: 3601 }, (_, second) => ({
	timestamp: time(second),
	distance_meters: second * 10,
}));

interface Lap {
	from: number;
	to: number;
	metres?: number;
	trigger?: string;
}

const rideWith = (
	laps: Lap[],
	{ seconds = 100, metres = null as number | null, moving = null as number | null } = {},
) =>
	rideOf({
		metadata: { start_time: time(0), end_time: time(seconds) },
		active_durations_data: { activity_seconds: moving },
		distance_data: {
			summary: { distance_meters: metres },
			detailed: { distance_samples: samples.slice(0, seconds + 1) },
		},
		lap_data: {
			laps: laps.map(({ from, to, metres: distance_meters, trigger = 'DISTANCE' }) => ({
				start_time: time(from),
				end_time: time(to),
				distance_meters,
				trigger_method: trigger,
			})),
		},
	});

const lapsOf = (...args: Parameters<typeof rideWith>) =>
	rideWith(...args)
		.laps()
		.map(({ start, end, distance }) => [(start - START) / 1000, (end - START) / 1000, distance]);

describe('laps', () => {
	it('end where the next one starts', () => {
		const laps = [
			{ from: 0, to: 10.4, metres: 100 },
			{ from: 10, to: 20.3, metres: 100 },
			{ from: 20, to: 30, metres: 90 },
		];
		expect(lapsOf(laps, { seconds: 30, metres: 290 })).toEqual([
			[0, 10, 100],
			[10, 20, 100],
			[20, 30, 90],
		]);
	});

	it("are the device's, all of them, if the athlete pressed only one", () => {
		const own = [0, 20, 40, 60, 80].map((from) => ({ from, to: from + 20, metres: 200 }));
		const pressed = { from: 0, to: 35, metres: 350, trigger: 'MANUAL' };
		expect(lapsOf([...own.slice(0, 2), pressed, ...own.slice(2)])).toEqual(
			own.map(({ from, to, metres }) => [from, to, metres]),
		);
	});

	it("are the athlete's if they cover the ride", () => {
		const own = [0, 20, 40, 60, 80].map((from) => ({ from, to: from + 20, metres: 200 }));
		const pressed = [
			{ from: 0, to: 35, metres: 350, trigger: 'MANUAL' },
			{ from: 35, to: 100, metres: 650, trigger: 'SESSION_END' },
		];
		expect(lapsOf([...own, ...pressed])).toEqual([
			[0, 35, 350],
			[35, 100, 650],
		]);
	});

	it('are added where they are missing, and left out if they are in another year', () => {
		const laps = [
			{ from: -1_000_000_000, to: -999_999_000, metres: 5 },
			{ from: 40, to: 60, metres: 200 },
		];
		expect(lapsOf(laps, { metres: 1000 })).toEqual([
			[0, 40, 400],
			[40, 60, 200],
			[60, 100, 400],
		]);
		expect(lapsOf([laps[0]!])).toEqual([]);
	});

	it('start and end with the ride, do not overlap and add up to it, whatever was recorded', () => {
		const lap = fc.record({
			from: fc.integer({ min: -50, max: 3650 }),
			length: fc.integer({ min: 0, max: 900 }),
			jitter: fc.double({ min: 0, max: 1.4, noNaN: true }),
			metres: fc.option(fc.integer({ min: 0, max: 5000 }), { nil: undefined }),
			trigger: fc.constantFrom('DISTANCE', 'MANUAL', 'SESSION_END', 'TIME'),
		});
		fc.assert(
			fc.property(
				fc.array(lap, { minLength: 1, maxLength: 30 }),
				fc.integer({ min: 1, max: 40_000 }),
				fc.integer({ min: 1, max: 3600 }),
				(drawn, metres, moving) => {
					const recorded = drawn.map(({ from, length, jitter, ...more }) => ({
						...more,
						from,
						to: from + length + jitter,
					}));
					const laps = rideWith(recorded, { seconds: 3600, metres, moving }).laps();
					if (laps.length === 0) return;
					expect(laps[0]!.start).toBe(START);
					expect(laps.at(-1)!.end).toBe(START + 3_600_000);
					laps.slice(1).forEach(({ start }, index) => {
						expect(start).toBe(laps[index]!.end);
						expect(start).toBeGreaterThan(laps[index]!.start);
					});
					const sum = (of: 'seconds' | 'distance') =>
						laps.reduce((all, one) => all + (one[of] ?? NaN), 0);
					expect(sum('distance')).toBeCloseTo(metres, 6);
					expect(sum('seconds')).toBeCloseTo(moving, 6);
					for (const { seconds, distance } of laps) {
						expect(Math.min(seconds!, distance!)).toBeGreaterThanOrEqual(0);
					}
				},
			),
			{ numRuns: 300 },
		);
	});
});
