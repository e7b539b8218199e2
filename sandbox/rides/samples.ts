import { terraTime } from '../dates';
import type { RidePlan } from './plan';
import { clockSeconds } from './plan';
import type { AthleteProfile } from './profile';
import type { Route } from './route';
import { positionAt } from './route';
import type { Simulation } from './simulate';

interface Clock {
	timestamp: string;
	timer_duration_seconds: number;
}

export interface SampleArrays {
	power: Array<Clock & { watts: number }>;
	heartRate: Array<Clock & { bpm: number; context: number }>;
	cadence: Array<Clock & { cadence_rpm: number }>;
	speed: Array<Clock & { speed_meters_per_second: number }>;
	distance: Array<Clock & { distance_meters: number }>;
	elevation: Array<Clock & { elev_meters: number }>;
	position: Array<Clock & { coords_lat_lng_deg: [number, number] }>;
}

const HEART_RATE_WHILE_ACTIVE = 1;

/** The sample arrays of `with_samples=false`: all empty. */
export function noSamples(): SampleArrays {
	return {
		power: [],
		heartRate: [],
		cadence: [],
		speed: [],
		distance: [],
		elevation: [],
		position: [],
	};
}

/**
 * One sample per second of riding. `timer_duration_seconds` counts riding time; `timestamp` is the time of day, which
 * jumps at a stop.
 */
export function sampleArrays(
	plan: RidePlan,
	profile: AthleteProfile,
	simulation: Simulation,
	route: Route | undefined,
): SampleArrays {
	const samples = noSamples();
	let distanceCm = 0;
	for (let second = 0; second < simulation.watts.length; second++) {
		const ridden = second + 1;
		const clock: Clock = {
			timestamp: terraTime(plan.startMs + clockSeconds(plan, ridden) * 1000, profile.offsetMinutes),
			timer_duration_seconds: ridden,
		};
		const speedCm = simulation.speedCm[second] ?? 0;
		distanceCm += speedCm;
		const distanceMeters = distanceCm / 100;
		samples.power.push({ ...clock, watts: simulation.watts[second] ?? 0 });
		samples.heartRate.push({
			...clock,
			bpm: simulation.heartRate[second] ?? 0,
			context: HEART_RATE_WHILE_ACTIVE,
		});
		samples.cadence.push({ ...clock, cadence_rpm: simulation.cadence[second] ?? 0 });
		samples.speed.push({ ...clock, speed_meters_per_second: speedCm / 100 });
		samples.distance.push({ ...clock, distance_meters: distanceMeters });
		if (!route) continue;
		samples.elevation.push({ ...clock, elev_meters: (simulation.elevationDm[second] ?? 0) / 10 });
		samples.position.push({ ...clock, coords_lat_lng_deg: positionAt(route, distanceMeters) });
	}
	return samples;
}
