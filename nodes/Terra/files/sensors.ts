import type { Ride } from '../ride/ride';
import type { Sensor, Track } from '../ride/track';

const HOLD_MS = 10_000;

/** Values that change gradually are interpolated between two samples; the others keep their last value. */
const GRADUAL: readonly Sensor[] = ['elevation', 'distance'];

const HELD: readonly Sensor[] = [
	'elevation',
	'distance',
	'speed',
	'heartRate',
	'cadence',
	'power',
] as const;

export type Reading = Readonly<Record<Sensor, number>>;

/**
 * Reads all sensors at a point. Sensors report at different seconds, and programs that read files take a missing
 * value for zero or for a jump. So a value holds for ten seconds, and elevation and distance are interpolated.
 *
 * @returns a reader of points in any order; NaN where a sensor has nothing near
 */
export function heldSensors(track: Track): (index: number) => Reading {
	const columns = HELD.map((sensor) => [sensor, columnOf(track, sensor)] as const);
	return (index) =>
		Object.fromEntries(columns.map(([sensor, column]) => [sensor, column[index]!])) as Reading;
}

function columnOf(track: Track, sensor: Sensor): Float64Array {
	const samples = track[sensor];
	const column = Float64Array.from(samples);
	const isGradual = GRADUAL.includes(sensor);
	let last = -1;
	for (let index = 0; index < track.length; index++) {
		if (Number.isNaN(samples[index]!)) continue;
		fill(track, samples, column, last, index, isGradual);
		last = index;
	}
	fill(track, samples, column, last, track.length, isGradual);
	return column;
}

/** Fills the points between two samples. A gradual value also applies shortly before its sample, as after a pause. */
function fill(
	{ time }: Track,
	samples: Float64Array,
	column: Float64Array,
	from: number,
	to: number,
	isGradual: boolean,
): void {
	for (let index = from + 1; index < to; index++) {
		const sinceLast = from < 0 ? Infinity : time[index]! - time[from]!;
		const untilNext = to >= samples.length ? Infinity : time[to]! - time[index]!;
		const span = sinceLast + untilNext;
		if (isGradual && from >= 0 && to < samples.length && span <= 2 * HOLD_MS) {
			const share = sinceLast / span;
			column[index] = samples[from]! + share * (samples[to]! - samples[from]!);
		} else if (sinceLast <= HOLD_MS) {
			column[index] = samples[from]!;
		} else if (isGradual && untilNext <= HOLD_MS) {
			column[index] = samples[to]!;
		}
	}
}

/** Too many for one leg: both legs were counted. */
const BOTH_LEGS = 120;

/** Files count a runner's steps on one leg; the cadence on a bike stays as it is. */
export function cadenceOf(group: Ride['group'], value: number | null): number | null {
	return group === 'running' && value !== null && value > BOTH_LEGS ? value / 2 : value;
}
