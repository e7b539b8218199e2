import { segmentsOf } from './segments';
import type { Sensor, Track } from './track';

/** Plausible values on a ride; anything else is a sensor fault, and is ignored. */
const PLAUSIBLE = {
	power: [0, 2500],
	heartRate: [25, 250],
	cadence: [0, 300],
	speed: [0, 60],
	elevation: [-500, 9000],
} as const satisfies Partial<Record<Sensor, readonly [number, number]>>;

type Measured = keyof typeof PLAUSIBLE;

const MEASURED = Object.keys(PLAUSIBLE) as Measured[];

/**
 * A ride second by second, however often the device has recorded: a value for each second of riding, NaN where the
 * sensor was silent. Pauses have no seconds.
 */
export interface Seconds extends Readonly<Record<Measured, Float64Array>> {
	readonly length: number;
	/** Milliseconds since 1970, ascending. */
	readonly time: Float64Array;
	/** 1 where riding begins or goes on after a pause. */
	readonly begins: Uint8Array;
	/** The usual seconds between samples of power in this recording; 0 without power. */
	readonly usualGap: number;
}

/** How long a value holds until the next sample, as devices that save memory omit what has not changed. */
const HOLD_SECONDS = 10;

/** It holds longer, up to this, if the whole recording is that coarse. */
const LONGEST_HOLD_SECONDS = 60;

/** Longer than any ride: such times are wrong, and would waste memory. */
const LONGEST_SECONDS = 14 * 86_400;

interface Stretch {
	points: readonly number[];
	/** The index of its first second. */
	at: number;
	length: number;
}

/** Never throws; a track that lasts longer than any ride has no seconds. */
export function secondsOf(track: Track): Seconds {
	const stretches = stretchesOf(track);
	const length = stretches.reduce((sum, stretch) => sum + stretch.length, 0);
	// If times are infinite, the length is not even a number.
	if (!(length <= LONGEST_SECONDS)) return tableOf(0, 0);

	const points = stretches.map((stretch) => stretch.points);
	const seconds = tableOf(length, gapOf(track, 'power', points));
	for (const {
		points: [first],
		at,
		length: own,
	} of stretches) {
		seconds.begins[at] = 1;
		for (let index = 0; index < own; index++) {
			seconds.time[at + index] = track.time[first!]! + index * 1000;
		}
	}
	for (const sensor of MEASURED) {
		const gap = gapOf(track, sensor, points);
		for (const stretch of stretches) fill(seconds[sensor], stretch, track, sensor, gap);
	}
	return seconds;
}

/** The seconds from one instant up to another, without copying them. */
export function secondsBetweenInstants(seconds: Seconds, from: number, to: number): Seconds {
	const [start, end] = [firstFrom(seconds.time, from), firstFrom(seconds.time, to)];
	const part = (column: Float64Array) => column.subarray(start, end);
	return {
		length: Math.max(0, end - start),
		time: part(seconds.time),
		begins: seconds.begins.subarray(start, end),
		usualGap: seconds.usualGap,
		power: part(seconds.power),
		heartRate: part(seconds.heartRate),
		cadence: part(seconds.cadence),
		speed: part(seconds.speed),
		elevation: part(seconds.elevation),
	};
}

/** A stretch of seconds that all have a value: from the first up to, but not including, the second. */
export type Run = readonly [number, number];

/** Where a sensor reported without a break; a pause is one, too. */
export function runsOf({ length, begins }: Seconds, column: Float64Array): Run[] {
	const runs: Run[] = [];
	let start = -1;
	for (let index = 0; index <= length; index++) {
		const isKnown = index < length && !Number.isNaN(column[index]!);
		if (start >= 0 && (!isKnown || begins[index] === 1)) {
			runs.push([start, index]);
			start = -1;
		}
		if (isKnown && start < 0) start = index;
	}
	return runs;
}

function stretchesOf(track: Track): Stretch[] {
	const segments = segmentsOf(track);
	const gap = median(gapsWithin(track.time, segments));
	let at = 0;
	return segments.map((points, which) => {
		const [first, last] = [track.time[points[0]!]!, track.time[points.at(-1)!]!];
		const next = segments[which + 1]?.[0];
		// The last sample lasts as long as any other.
		const room = next === undefined ? gap : (track.time[next]! - last) / 1000;
		const length = (last - first) / 1000 + Math.max(1, Math.min(gap, room, LONGEST_HOLD_SECONDS));
		const stretch = { points, at, length };
		at += length;
		return stretch;
	});
}

function fill(
	column: Float64Array,
	{ points, at, length }: Stretch,
	track: Track,
	sensor: Measured,
	gap: number,
): void {
	const start = track.time[points[0]!]!;
	const longest = Math.max(HOLD_SECONDS, gap);
	let from = -1;
	let value = NaN;
	const holdUpTo = (to: number) => {
		if (from < 0) return;
		// In a gap the value holds only at the start.
		const end = to - from > longest ? Math.min(to, from + Math.max(1, gap)) : to;
		column.fill(value, at + from, at + end);
	};
	for (const index of points) {
		const sample = track[sensor][index]!;
		if (!isPlausible(sensor, sample)) continue;
		const second = (track.time[index]! - start) / 1000;
		holdUpTo(second);
		[from, value] = [second, sample];
	}
	holdUpTo(from < 0 ? 0 : Math.min(length, from + Math.max(1, gap)));
}

function isPlausible(sensor: Measured, value: number): boolean {
	const [min, max] = PLAUSIBLE[sensor];
	return value >= min && value <= max;
}

/** The usual seconds between two samples of a sensor, 0 if it has none. */
function gapOf(track: Track, sensor: Measured, segments: ReadonlyArray<readonly number[]>): number {
	const known = segments.map((points) =>
		points.filter((index) => isPlausible(sensor, track[sensor][index]!)),
	);
	if (known.every((points) => points.length === 0)) return 0;
	return Math.min(LONGEST_HOLD_SECONDS, Math.max(1, median(gapsWithin(track.time, known))));
}

function gapsWithin(time: Float64Array, segments: ReadonlyArray<readonly number[]>): Float64Array {
	const gaps = new Float64Array(segments.reduce((sum, { length }) => sum + length, 0));
	let count = 0;
	for (const points of segments) {
		for (let place = 1; place < points.length; place++) {
			gaps[count++] = (time[points[place]!]! - time[points[place - 1]!]!) / 1000;
		}
	}
	return gaps.subarray(0, count);
}

function median(values: Float64Array): number {
	return values.sort()[Math.floor((values.length - 1) / 2)] ?? 1;
}

function tableOf(length: number, usualGap: number): Seconds {
	const column = () => new Float64Array(length).fill(NaN);
	return {
		length,
		time: new Float64Array(length),
		begins: new Uint8Array(length),
		usualGap,
		power: column(),
		heartRate: column(),
		cadence: column(),
		speed: column(),
		elevation: column(),
	};
}

/** The index of the first second that is not before an instant. */
function firstFrom(time: Float64Array, instant: number): number {
	let [low, high] = [0, time.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (time[middle]! < instant) low = middle + 1;
		else high = middle;
	}
	return low;
}
