import fc from 'fast-check';

import {
	COGGAN_POWER_LIMITS,
	UNKNOWN_ATHLETE,
	impliedThreshold,
	type AthleteNumbers,
} from '../../../nodes/Terra/ride/athlete';
import { effortOf, type Effort } from '../../../nodes/Terra/ride/effort';
import { BEST_SECONDS } from '../../../nodes/Terra/ride/power';
import { rideOf } from '../../../nodes/Terra/ride/ride';
import { secondsBetweenInstants, secondsOf } from '../../../nodes/Terra/ride/seconds';
import { average, best, between, known, resample, weighted } from './bruteForce';
import { START, after, everySecond, recorded, type Sample } from './recording';

const ATHLETE: AthleteNumbers = {
	...UNKNOWN_ATHLETE,
	thresholdWatts: 250,
	thresholdHeartRate: 170,
	weightKg: 70,
};

const effort = (samples: readonly Sample[], athlete = ATHLETE) =>
	effortOf(secondsOf(recorded(samples).track()), athlete);

const steady = (seconds: number, watts: number, step = 1) =>
	everySecond(seconds, () => ({ watts, bpm: 140 }), step);

describe('a ride with known figures', () => {
	it('at threshold for an hour has a load of 100, and the same best for every duration', () => {
		const { bests, ...figures } = effort(steady(3600, 250));
		expect(Object.values(bests)).toEqual(BEST_SECONDS.map(() => 250));
		expect(figures).toMatchObject({
			meanWatts: 250,
			weightedWatts: 250,
			variability: 1,
			intensity: 1,
			load: 100,
			efficiency: 250 / 140,
			decoupling: 0,
			workAboveThreshold: 0,
			powerZones: [0, 0, 0, 3600, 0, 0, 0],
			heartRateZones: [0, 3600, 0, 0, 0],
			coasting: 0,
		});
	});

	it('with power rising by a watt a second has its bests at the end', () => {
		const { bests } = effort(everySecond(1200, (second) => ({ watts: second })));
		expect(bests[5]).toBe(1197);
		expect(bests[600]).toBe(899.5);
		expect(bests[1200]).toBe(599.5);
		expect(bests[3600]).toBeNull();
	});

	it('of 30 s at 400 W in each minute has the expected weighted power', () => {
		// The rolling mean rises and falls evenly between 0 and 400, so the mean fourth power is 400⁴ / 5.
		const { weightedWatts, meanWatts, workAboveThreshold, coasting } = effort(
			everySecond(7200, (second) => ({ watts: second % 60 < 30 ? 400 : 0, speed: 8 })),
		);
		expect(weightedWatts).toBeCloseTo(400 / 5 ** 0.25, 0);
		expect(meanWatts).toBe(200);
		expect(workAboveThreshold).toBe((3600 * 150) / 1000);
		expect(coasting).toBe(3600);
	});

	it('with a heart rate rising by a fifth at the same power has a decoupling of a sixth', () => {
		const { decoupling } = effort(
			everySecond(3600, (second) => ({ watts: 200, bpm: second < 1800 ? 120 : 144 })),
		);
		expect(decoupling).toBeCloseTo(100 / 6, 10);
	});

	it('climbing at 0.25 m/s has a climbing rate of 900 m an hour, however long the descent', () => {
		const { climbingRate } = effort(
			everySecond(5400, (second) => ({ metres: 500 + Math.min(second, 5400 - second) / 4 })),
		);
		expect(climbingRate).toBeCloseTo(900, 0);
	});

	it('over bumps of less than ten metres has no climbing rate', () => {
		expect(
			effort(everySecond(3600, (second) => ({ metres: 100 + 4 * Math.sin(second / 20) }))),
		).toMatchObject({ climbingRate: null });
	});

	it('has each second in the right zone, a value at a limit in the lower one', () => {
		const watts = [0, 137.5, 138, 187.5, 225, 262.5, 300, 375, 376];
		const { powerZones } = effort(
			everySecond(watts.length * 10, (second) => ({ watts: watts[Math.floor(second / 10)] })),
		);
		expect(powerZones).toEqual([20, 20, 10, 10, 10, 10, 10]);
	});
});

describe('a recording', () => {
	it.each([1, 2, 4])('every %d s gives the same figures for a steady ride', (step) => {
		const { bests, load, powerZones } = effort(steady(3600, 250, step));
		expect(bests).toMatchObject({ 5: 250, 60: 250, 3600: 250 });
		expect(load).toBe(100);
		expect(powerZones[3]).toBe(3600);
	});

	it('of changes only holds the last value for ten seconds', () => {
		const samples = [0, 3, 10, 20, 21, 28, 30].map((clock) => ({ clock, watts: 200 }));
		const { bests, meanWatts } = effort(samples);
		expect(bests[30]).toBe(200);
		expect(meanWatts).toBe(200);
	});

	it('with a longer silence has a gap there', () => {
		const silent = (gap: number) => {
			const later = steady(30, 200).map((one) => ({ ...one, clock: 29 + gap + one.clock }));
			const { bests, powerZones } = effort([...steady(30, 200), ...later]);
			return [bests[60], powerZones[2]];
		};
		expect(silent(10)).toEqual([200, 69]);
		expect(silent(11)).toEqual([null, 60]);
	});

	it('coarser than a duration has no best for it', () => {
		const { bests } = effort(steady(3600, 250, 20));
		expect(bests).toMatchObject({ 5: null, 15: null, 30: 250, 3600: 250 });
	});

	it('counts zeros, but not gaps, in the average', () => {
		const half = everySecond(60, (second) => (second < 30 ? { watts: 300 } : { watts: 0 }));
		expect(effort(half).meanWatts).toBe(150);
		const silent = everySecond(60, (second) => (second < 30 ? { watts: 300 } : { bpm: 100 }));
		expect(effort(silent).meanWatts).toBe(300);
	});

	it('with a stop has no best that spans it', () => {
		const stopped = after(600, steady(45, 300), steady(45, 300));
		const { bests, weightedWatts, powerZones } = effort(stopped);
		expect(bests).toMatchObject({ 30: 300, 60: null });
		expect(weightedWatts).toBe(300);
		expect(powerZones.reduce((a, b) => a! + b!)).toBe(90);
	});

	it('with two sensors has one value for each second', () => {
		const twice = steady(600, 200).flatMap((sample) => [sample, { ...sample, watts: 220 }]);
		expect(effort(twice).bests[300]).toBe(220);
	});

	it('ignores a power that nobody can produce', () => {
		const spiked = everySecond(600, (second) => ({ watts: second === 300 ? 21_700 : 200 }));
		const { bests, weightedWatts } = effort(spiked);
		expect([bests[5], weightedWatts]).toEqual([200, 200]);
		expect(effort(everySecond(60, () => ({ watts: 2500 }))).bests[5]).toBe(2500);
	});

	it('without speed still counts coasting', () => {
		const indoor = everySecond(60, (second) => ({ watts: second < 20 ? 0 : 150, rpm: 80 }));
		expect(effort(indoor).coasting).toBe(20);
		const standing = everySecond(60, () => ({ watts: 0, speed: 0 }));
		expect(effort(standing).coasting).toBe(0);
		expect(effort(everySecond(60, () => ({ rpm: 0 }))).coasting).toBe(60);
	});

	it("without samples, or without the athlete's numbers, has empty figures, not zeros", () => {
		const values = ({ bests, powerZones, heartRateZones, ...others }: Effort) => [
			...Object.values(bests),
			...powerZones,
			...heartRateZones,
			...Object.values(others),
		];
		expect(new Set(values(effort([])))).toEqual(new Set([null]));
		const unknown = effort(steady(3600, 250), UNKNOWN_ATHLETE);
		expect(unknown).toMatchObject({ intensity: null, load: null, workAboveThreshold: null });
		expect(new Set([...unknown.powerZones, ...unknown.heartRateZones])).toEqual(new Set([null]));
	});
});

describe('a lap', () => {
	it('has the same figures as a ride that consists only of it', () => {
		const samples = everySecond(1800, (second) => ({ watts: (second * 7) % 400, bpm: 120 }));
		const whole = secondsOf(recorded(samples).track());
		const lap = secondsBetweenInstants(whole, START + 300_000, START + 900_000);
		const alone = samples.slice(300, 900);
		expect(effortOf(lap, ATHLETE)).toEqual(effort(alone));
	});
});

describe('the threshold', () => {
	const terra = (normalized_power_watts: unknown, intensity_factor_actual: unknown) =>
		impliedThreshold(
			rideOf({
				TSS_data: {
					TSS_samples: [{ actual: 50, normalized_power_watts, intensity_factor_actual }],
				},
			}),
		);

	it("follows from Terra's values, unless the result is absurd", () => {
		expect(terra(200, 0.8)).toBe(250);
		const absurd = [
			[null, 0.8],
			[200, null],
			[200, 0],
			[0, 0],
			[200, 1e-9],
			[200, 20],
		];
		expect(absurd.map(([watts, factor]) => terra(watts, factor))).toEqual(absurd.map(() => null));
	});
});

interface Shape {
	step: number;
	stretches: Array<{ watts: number[]; stop: number; silence: number }>;
}

/** A ride of stretches with stops and silences between them, recorded every `step` seconds. */
const rides = fc.record({
	step: fc.constantFrom(1, 2, 4),
	stretches: fc.array(
		fc.record({
			watts: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 25, maxLength: 60 }),
			stop: fc.integer({ min: 5, max: 900 }),
			silence: fc.integer({ min: 0, max: 25 }),
		}),
		{ minLength: 1, maxLength: 3 },
	),
});

function ridden({ step, stretches }: Shape): Sample[] {
	let [clock, timer] = [0, 0];
	return stretches.flatMap(({ watts, stop, silence }) => {
		const half = Math.floor(watts.length / 2);
		const samples = watts.map((value, index) => {
			const here = { clock, timer, watts: value };
			const takes = step + (index === half ? silence : 0);
			clock += takes;
			timer += takes;
			return here;
		});
		clock += stop;
		return samples;
	});
}

describe('an independent calculation', () => {
	it('gives the same figures', () => {
		fc.assert(
			fc.property(rides, (shape) => {
				const samples = ridden(shape);
				const seconds = resample(samples, shape.step, ({ watts }) => watts);
				const figures = effort(samples);
				const expected = (value: number | null) =>
					value === null ? null : expect.closeTo(value, 6);
				for (const window of [5, 30, 60, 300] as const) {
					expect(figures.bests[window]).toEqual(expected(best(seconds, window)));
				}
				expect(figures.weightedWatts).toEqual(expected(weighted(seconds)));
				expect(figures.meanWatts).toEqual(expected(average(seconds)));
				const limits = [-1, ...COGGAN_POWER_LIMITS.map((percent) => 2.5 * percent), Infinity];
				expect(figures.powerZones).toEqual(
					limits.slice(1).map((upper, zone) => between(seconds, limits[zone]!, upper)),
				);
				expect(figures.powerZones.reduce((a, b) => a! + b!)).toBe(known(seconds));
			}),
			{ numRuns: 25 },
		);
	});
});

describe('absurd samples', () => {
	const value = fc.oneof(
		fc.double(),
		fc.integer({ min: -100, max: 3000 }),
		fc.constantFrom<unknown>(NaN, Infinity, 1e308, -1e308, -0, null, 'x', {}, []),
	);
	const sample = fc.record({
		timestamp: fc.oneof(
			fc
				.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 })
				.map((ms) => new Date(ms).toISOString()),
			fc.integer({ min: 0, max: 90_000 }).map((s) => new Date(START + s * 1000).toISOString()),
			fc.constantFrom<unknown>(null, 'yesterday', 5),
		),
		timer_duration_seconds: fc.oneof(value, fc.integer({ min: -10, max: 5000 })),
		watts: value,
		bpm: value,
		cadence_rpm: value,
		speed_meters_per_second: value,
		elev_meters: value,
	});
	const athlete = fc.record({
		thresholdWatts: fc.option(fc.double({ min: 0, noNaN: true })),
		thresholdHeartRate: fc.option(fc.double({ min: 0, noNaN: true })),
		maxHeartRate: fc.option(fc.double({ min: 0, noNaN: true })),
		weightKg: fc.option(fc.double({ min: 0, noNaN: true })),
		powerZoneLimits: fc.option(fc.array(fc.double({ min: 0, noNaN: true }), { maxLength: 9 })),
		heartRateZoneLimits: fc.constant(null),
	});
	const figuresIn = (value: unknown): unknown[] =>
		typeof value === 'object' && value !== null ? Object.values(value).flatMap(figuresIn) : [value];

	it('never cause an error or a figure that is neither a finite number nor null', () => {
		fc.assert(
			fc.property(fc.array(sample, { maxLength: 80 }), athlete, (samples, numbers) => {
				const track = rideOf({
					metadata: { start_time: new Date(START).toISOString() },
					power_data: { power_samples: samples },
					heart_rate_data: { detailed: { hr_samples: samples } },
					movement_data: { cadence_samples: samples, speed_samples: samples },
					distance_data: { detailed: { elevation_samples: samples } },
				}).track();
				for (const figure of figuresIn(effortOf(secondsOf(track), numbers))) {
					expect(figure === null || Number.isFinite(figure)).toBe(true);
				}
			}),
			{ numRuns: 300, endOnFailure: true },
		);
	});

	const shuffled = (samples: Sample[]) =>
		samples.map((one, i) => samples[(i * 7919) % samples.length] ?? one);

	it('out of order or duplicated give the same figures', () => {
		const samples = everySecond(2000, (second) => ({ watts: (second * 13) % 500, bpm: 130 }));
		expect(effort(shuffled(samples))).toEqual(effort(samples));
		expect(effort(samples.flatMap((one) => [one, one]))).toEqual(effort(samples));
		expect(effort([...samples].reverse())).toEqual(effort(samples));
	});

	it.each([
		['25 hours', 90_000],
		['a million seconds', 1_000_000],
	])('over %s give figures', (_what, length) => {
		const time = Float64Array.from({ length }, (_, second) => START + second * 1000);
		const column = (value: number) => new Float64Array(length).fill(value);
		const none = column(NaN);
		const track = {
			length,
			time,
			zoned: true,
			timer: Float64Array.from({ length }, (_, second) => second),
			latitude: none,
			longitude: none,
			elevation: none,
			distance: none,
			speed: none,
			cadence: none,
			heartRate: column(120),
			power: column(200),
		};
		const { bests, powerZones } = effortOf(secondsOf(track), ATHLETE);
		expect(bests[3600]).toBe(200);
		expect(powerZones[2]).toBe(length);
	});

	it('years apart use little memory, and give no figure', () => {
		const samples = [0, 40 * 365 * 86_400].map((clock) => ({ clock, watts: 200 }));
		expect(effort(samples)).toMatchObject({ meanWatts: null });
	});
});
