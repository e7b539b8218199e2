import type { Ride } from '../../sandbox/rides/activity';
import { makeRide } from '../../sandbox/rides/activity';
import { planRide, rideOfDay } from '../../sandbox/rides/plan';
import { profileFor } from '../../sandbox/rides/profile';
import { DAY_MS } from '../../sandbox/dates';
import { ACTIVITY_FIELDS, unknownFields } from './fields';

const profile = profileFor(7, 0);
const at = Date.UTC(2026, 9, 4, 8);

/** Rides of every kind: outdoors and indoors, with and without a stop, one shorter than half a minute. */
function rides(): Array<[string, Ride]> {
	const plans = [3600, 5400, 1200, 25].flatMap((durationSeconds) =>
		[false, true].map((indoor) =>
			planRide({
				seed: 7,
				userId: 'u',
				provider: 'XERT',
				key: durationSeconds,
				startMs: at,
				durationSeconds,
				indoor,
			}),
		),
	);
	const stopped = planRide({
		seed: 7,
		userId: 'u',
		provider: 'XERT',
		key: 's',
		startMs: at,
		durationSeconds: 4000,
		indoor: false,
	});
	stopped.stop = { afterSeconds: 2000, seconds: 420 };
	return [...plans, stopped].map((plan) => [
		`${plan.movingSeconds} s ${plan.indoor ? 'indoors' : 'outdoors'}${plan.stop.seconds ? ' with a stop' : ''}`,
		makeRide(plan, profile, true),
	]);
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
/** Allows for the rounding of Terra's values. */
function expectNear(actual: number | undefined, expected: number, tolerance: number): void {
	expect(Math.abs((actual ?? NaN) - expected)).toBeLessThanOrEqual(tolerance);
}

const mean = (numbers: number[]) => sum(numbers) / numbers.length;

describe.each(rides())('a ride of %s', (_name, ride) => {
	const watts = ride.power_data.power_samples.map((sample) => sample.watts);
	const seconds = ride.active_durations_data.activity_seconds;
	const [tss] = ride.TSS_data.TSS_samples;

	it('has a sample for every second of riding', () => {
		expect(watts).toHaveLength(seconds);
		const timer = ride.power_data.power_samples.map((sample) => sample.timer_duration_seconds);
		expect(timer).toEqual(Array.from({ length: seconds }, (_, second) => second + 1));
	});

	it('has the averages, extremes and work of its samples', () => {
		const beats = ride.heart_rate_data.detailed.hr_samples.map((sample) => sample.bpm);
		const turns = ride.movement_data.cadence_samples.map((sample) => sample.cadence_rpm);
		const speeds = ride.movement_data.speed_samples.map((sample) => sample.speed_meters_per_second);
		expectNear(ride.power_data.avg_watts, mean(watts), 0.051);
		expect(ride.power_data.max_watts).toBe(Math.max(...watts));
		expectNear(ride.work_data.work_kilojoules, sum(watts) / 1000, 0.051);
		expect(
			Math.abs(ride.power_data.avg_watts * seconds - ride.work_data.work_kilojoules * 1000),
		).toBeLessThan(50 + seconds * 0.05 + 1);
		expectNear(ride.heart_rate_data.summary.avg_hr_bpm, mean(beats), 0.051);
		expect(ride.heart_rate_data.summary.min_hr_bpm).toBe(Math.min(...beats));
		expect(ride.heart_rate_data.summary.max_hr_bpm).toBe(Math.max(...beats));
		expectNear(ride.movement_data.avg_cadence_rpm, mean(turns), 0.051);
		expect(ride.movement_data.avg_speed_meters_per_second).toBeCloseTo(mean(speeds), 2);
		expect(ride.movement_data.max_speed_meters_per_second).toBe(Math.max(...speeds));
	});

	it('has normalised power, intensity and TSS as defined', () => {
		const window = Math.min(30, watts.length);
		const rolling = watts
			.slice(window - 1)
			.map((_, index) => mean(watts.slice(index, index + window)));
		const normalised = mean(rolling.map((value) => value ** 4)) ** 0.25;
		const intensity = (tss?.normalized_power_watts ?? 0) / profile.ftpWatts;
		expectNear(tss?.normalized_power_watts, normalised, 0.051);
		expectNear(tss?.intensity_factor_actual, intensity, 0.0006);
		const factor = tss?.intensity_factor_actual ?? 0;
		expectNear(tss?.actual, (seconds / 3600) * factor ** 2 * 100, 0.051);
	});

	it('ends at the distance of its last sample, and never goes backwards', () => {
		const metres = ride.distance_data.detailed.distance_samples.map(
			(sample) => sample.distance_meters,
		);
		expect(metres.at(-1)).toBe(ride.distance_data.summary.distance_meters);
		expect(metres.every((metre, index) => metre > (metres[index - 1] ?? 0))).toBe(true);
	});

	it('has laps that add up to the ride', () => {
		const { laps } = ride.lap_data;
		expect(sum(laps.map((lap) => lap.active_duration_seconds))).toBe(seconds);
		expect(sum(laps.map((lap) => lap.distance_meters))).toBeCloseTo(
			ride.distance_data.summary.distance_meters,
			2,
		);
		expect(sum(laps.map((lap) => lap.calories))).toBe(ride.calories_data.total_burned_calories);
		const work = sum(laps.map((lap) => lap.avg_watts * lap.active_duration_seconds)) / 1000;
		expect(Math.abs(work - ride.work_data.work_kilojoules)).toBeLessThan(0.1 + seconds * 0.0001);
		expect(laps[0]?.start_time).toBe(ride.metadata.start_time);
		expect(laps.at(-1)?.end_time).toBe(ride.metadata.end_time);
	});

	it('has every second in one heart rate zone', () => {
		const zones = ride.heart_rate_data.summary.hr_zone_data;
		expect(sum(zones.map((zone) => zone.duration_seconds))).toBe(seconds);
	});

	it('has a duration of moving and resting time together', () => {
		const clock = Date.parse(ride.metadata.end_time) - Date.parse(ride.metadata.start_time);
		expect(clock / 1000).toBe(seconds + ride.active_durations_data.rest_seconds);
		expect(ride.power_data.power_samples.at(-1)?.timestamp).toBe(ride.metadata.end_time);
	});

	it('has positions only outdoors', () => {
		const outdoors = ride.metadata.type === 16;
		expect(ride.position_data === null).toBe(!outdoors);
		expect(ride.polyline_map_data === null).toBe(!outdoors);
		const elevations = ride.distance_data.detailed.elevation_samples.map(
			(sample) => sample.elev_meters,
		);
		expect(elevations).toHaveLength(outdoors ? seconds : 0);
		if (!ride.position_data) return;
		expect(ride.position_data.end_pos_lat_lng_deg).toEqual(
			ride.position_data.position_samples.at(-1)?.coords_lat_lng_deg,
		);
		const climbs = elevations.slice(1).map((height, index) => height - (elevations[index] ?? 0));
		expect(ride.distance_data.summary.elevation?.gain_actual_meters).toBeCloseTo(
			sum(climbs.filter((climb) => climb > 0)),
			3,
		);
		expect(ride.distance_data.summary.elevation?.max_meters).toBe(Math.max(...elevations));
	});

	it('has only fields that Terra has', () => {
		expect(unknownFields(ride, ACTIVITY_FIELDS)).toEqual([]);
	});
});

it('finds a field that Terra does not have', () => {
	const odd = { power_data: { avg_watts: 1, ftp: 2, power_samples: [{ watts: 1, oops: 1 }] } };
	expect(unknownFields(odd, ACTIVITY_FIELDS)).toEqual([
		'.power_data.ftp',
		'.power_data.power_samples[].oops',
	]);
});

it('has the same numbers with and without samples', () => {
	for (let day = 20_000; day < 20_020; day++) {
		const plan = rideOfDay(7, 'u', day, { provider: 'XERT', ridesPerWeek: 7 });
		if (!plan) throw new Error('a ride every day was asked for');
		const emptied = JSON.parse(
			JSON.stringify(makeRide(plan, profile, true), (key, value) =>
				key !== 'TSS_samples' && /_samples/.test(key) ? [] : value,
			),
		);
		expect(makeRide(plan, profile, false)).toEqual(emptied);
	}
});

it('gives the same ride for the same seed and another for another seed', () => {
	const of = (seed: number) =>
		rideOfDay(seed, 'u', 20_001, { provider: 'XERT', ridesPerWeek: 7 })?.summaryId;
	expect(of(1)).toBe(of(1));
	expect(of(1)).not.toBe(of(2));
});

it('ends some rides on the next UTC day', () => {
	const plan = rideOfDay(1, 'u', 20_000, { provider: 'XERT', ridesPerWeek: 7, rideSeconds: 3600 });
	expect(plan && Math.floor(plan.startMs / DAY_MS)).toBe(20_000);
	expect(plan && Math.floor((plan.startMs + 3_600_000) / DAY_MS)).toBe(20_001);
});

it('has a different summary ID for every day of five years', () => {
	const ids = Array.from(
		{ length: 1825 },
		(_, index) =>
			rideOfDay(1, 'u', 19_000 + index, { provider: 'XERT', ridesPerWeek: 7 })?.summaryId,
	);
	expect(new Set(ids).size).toBe(1825);
});

it('gives plausible values', () => {
	for (let day = 20_001; day < 20_060; day++) {
		const plan = rideOfDay(3, 'u', day, { provider: 'XERT', ridesPerWeek: 7 });
		if (!plan) throw new Error('a ride every day was asked for');
		const ride = makeRide(plan, profile, false);
		const [tss] = ride.TSS_data.TSS_samples;
		expect(tss?.intensity_factor_actual).toBeGreaterThan(0.4);
		expect(tss?.intensity_factor_actual).toBeLessThan(1.05);
		expect(ride.movement_data.avg_speed_meters_per_second).toBeGreaterThan(4);
		expect(ride.movement_data.avg_speed_meters_per_second).toBeLessThan(13);
		expect(ride.movement_data.max_cadence_rpm).toBeLessThan(130);
		expect(ride.heart_rate_data.summary.max_hr_bpm).toBeLessThanOrEqual(profile.maxHeartRate);
	}
});
