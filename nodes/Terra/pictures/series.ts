import type { Ride } from '../ride/ride';
import { segmentsOf } from '../ride/segments';
import type { Track } from '../ride/track';
import { DAY_MS } from '../terra/durations';

/** The time that a picture covers: the ride's own start and end, unless they do not match the samples. */
export function extentOf({ start, end }: Ride, track: Track): { start: number; seconds: number } {
	const first = track.length > 0 ? track.time[0]! : 0;
	const last = track.length > 0 ? track.time[track.length - 1]! : 0;
	const from = start !== null && start <= first && first - start < DAY_MS ? start : first;
	const to = end !== null && end >= last && end - last < DAY_MS ? end : last;
	return { start: from, seconds: Math.max(1, (to - from) / 1000) };
}

/** One drawn point: a summary of the samples in a stretch of time. */
export interface Point {
	/** Seconds since the start of the chart. */
	x: number;
	mean: number;
	max: number;
}

/** Connected points; between two lines the recording was paused. */
export type Line = readonly Point[];

/**
 * Reduces a sensor to at most `buckets` points over the whole time, so that a long ride makes a small picture.
 * Lines break at pauses, and where the sensor was silent for over a minute and for longer than usual.
 */
export function linesOf(
	track: Track,
	sensor: Float64Array,
	start: number,
	seconds: number,
	buckets: number,
): Line[] {
	const width = seconds / buckets;
	const segment = segmentNumbers(track);
	const silence = Math.max(SILENCE_SECONDS, USUAL_GAPS * usualGap(track, sensor));
	const lines: Point[][] = [];
	let bucket = -1;
	let count = 0;
	let previous = -1;
	for (let index = 0; index < track.length; index++) {
		const value = sensor[index]!;
		if (Number.isNaN(value) || segment[index]! < 0) continue;
		const x = (track.time[index]! - start) / 1000;
		const here = Math.min(buckets - 1, Math.floor(x / width));
		const gap = previous < 0 ? Infinity : (track.time[index]! - track.time[previous]!) / 1000;
		// A pause narrower than a drawn point would only be a speck.
		const broken = gap > width && (gap > silence || segment[index] !== segment[previous]);
		if (broken) lines.push([]);
		const line = lines.at(-1)!;
		if (broken || here !== bucket) {
			line.push({ x, mean: value, max: value });
			count = 1;
		} else {
			const point = line.at(-1)!;
			count++;
			point.x += (x - point.x) / count;
			point.mean += (value - point.mean) / count;
			point.max = Math.max(point.max, value);
		}
		bucket = here;
		previous = index;
	}
	return lines;
}

const SILENCE_SECONDS = 60;
const USUAL_GAPS = 3;

/** The number of the stretch that each point belongs to; -1 for points in a pause. */
function segmentNumbers(track: Track): Int32Array {
	const numbers = new Int32Array(track.length).fill(-1);
	segmentsOf(track).forEach((points, which) => {
		for (const index of points) numbers[index] = which;
	});
	return numbers;
}

/** The median of the seconds between two samples of a sensor. */
function usualGap({ time }: Track, sensor: Float64Array): number {
	const times = time.filter((_, index) => !Number.isNaN(sensor[index]!));
	const gaps = times.slice(1).map((at, index) => (at - times[index]!) / 1000);
	return gaps.sort()[Math.floor(gaps.length / 2)] ?? 0;
}

/** How many times as high as nearly all others the highest value may be before it is cut. */
const OUTLIER = 4;
const NEARLY_ALL = 0.98;

/**
 * The highest value that an axis must show. A single spike, such as 21,700 W for a second, must not flatten the rest, so
 * it is cut.
 */
export function highestShown(values: readonly number[], low: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	const highest = sorted.at(-1) ?? low;
	const usual = (sorted[Math.floor(NEARLY_ALL * (sorted.length - 1))] ?? low) - low;
	return usual > 0 && highest - low > OUTLIER * usual ? low + 2 * usual : highest;
}

/** Round values between two bounds for an axis, about as many as wanted; the first may be below, the last above. */
export function ticks(min: number, max: number, wanted: number): number[] {
	const rough = (max - min) / wanted;
	if (!(rough > 1e-9) || !Number.isFinite(rough)) return [min, min + 1];
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
	const first = Math.floor(min / step);
	const count = Math.min(Math.ceil(max / step) - first, wanted * 3);
	return Array.from({ length: count + 1 }, (_, index) =>
		Number(((first + index) * step).toPrecision(12)),
	);
}

const TIME_STEPS = [
	1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];

/** Seconds at which to mark the time axis, at most about ten, on round minutes and hours. */
export function timeTicks(seconds: number): number[] {
	const step = TIME_STEPS.find((candidate) => seconds / candidate <= 10) ?? seconds / 10;
	return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}
