import { wholeLap, type RiddenLap } from '../ride/laps';
import type { Ride } from '../ride/ride';
import { pointsOf } from '../ride/segments';
import { spanOf } from '../ride/span';
import { distanceOver, type Track } from '../ride/track';
import { cadenceOf } from './sensors';

/** A lap for files, with figures from its samples. */
export interface FileLap extends RiddenLap {
	/** Its points as stretches without a pause. Points before the first lap or after the last belong to that lap. */
	stretches: number[][];
	/** Of one leg. */
	avgCadence: number | null;
	maxCadence: number | null;
	maxHeartRate: number | null;
	maxPower: number | null;
	maxSpeed: number | null;
}

/**
 * The laps of the activity, or the whole activity as one lap.
 *
 * @param segments the points without those in pauses
 */
export function fileLapsOf(
	ride: Ride,
	track: Track,
	segments: ReadonlyArray<readonly number[]>,
): FileLap[] {
	const laps = lapsOf(ride, track);
	return laps.map((lap, index) => {
		const from = index === 0 ? -Infinity : lap.start;
		const to = laps[index + 1]?.start ?? Infinity;
		const stretches = pointsOf(segments, (i) => track.time[i]! >= from && track.time[i]! < to);
		const points = stretches.flat();
		return {
			...lap,
			stretches,
			distance: lap.distance ?? distanceOver(track, points),
			avgCadence: cadenceOf(ride.group, mean(track.cadence, points)),
			maxCadence: cadenceOf(ride.group, highest(track.cadence, points)),
			maxHeartRate: highest(track.heartRate, points),
			maxPower: highest(track.power, points),
			maxSpeed: highest(track.speed, points),
		};
	});
}

function lapsOf(ride: Ride, track: Track): RiddenLap[] {
	const laps = ride.laps();
	if (laps.length > 0) return laps;
	const span = spanOf(ride, track);
	const elapsed = (span.end - span.start) / 1000;
	const seconds = Math.max(0, Math.min(ride.movingSeconds ?? elapsed, elapsed));
	return [{ ...wholeLap(ride, span), seconds }];
}

function highest(sensor: Float64Array, points: readonly number[]): number | null {
	const top = points.reduce((max, i) => (sensor[i]! > max ? sensor[i]! : max), -Infinity);
	return top === -Infinity ? null : top;
}

function mean(sensor: Float64Array, points: readonly number[]): number | null {
	const known = points.filter((index) => !Number.isNaN(sensor[index]!));
	return known.length === 0
		? null
		: known.reduce((sum, index) => sum + sensor[index]!, 0) / known.length;
}
