import { hasAny, type Track } from '../ride/track';

/** The values that decide the colours of a line or ring. */
export interface Effort {
	name: string;
	unit: string;
	/** Smoothed, a value for each point of the track; NaN if unknown. */
	values: Float64Array;
	/** The range of the colours. It leaves out extremes, so that a spike does not make all other values look alike. */
	low: number;
	high: number;
}

const LONGEST_SMOOTHING = 240;
const SHORTEST_SMOOTHING = 20;
/** Beyond it there are only spikes. */
const MAX_WATTS = 2500;
const GRADIENT_METRES = 250;

/** Power, or else heart rate. The longer the ride, the stronger the smoothing: otherwise the colours are noise. */
export function powerOrHeartRate(track: Track): Effort | null {
	const seconds = track.length > 1 ? (track.time[track.length - 1]! - track.time[0]!) / 1000 : 0;
	const window = Math.min(LONGEST_SMOOTHING, Math.max(SHORTEST_SMOOTHING, seconds / 30));
	const smooth = (values: Float64Array) => smoothed(values, track.time, window * 1000);
	const power = track.power.map((watts) => (watts >= 0 && watts <= MAX_WATTS ? watts : NaN));
	if (hasAny(power)) return effort('Power', 'W', smooth(power), 10);
	const heartRate = track.heartRate.map((bpm) => (bpm > 0 && bpm < 300 ? bpm : NaN));
	return hasAny(heartRate) ? effort('Heart rate', 'bpm', smooth(heartRate), 5) : null;
}

/** How steep it was, in percent. @param metres since the start, for each point of the track; NaN where unknown */
export function gradient(track: Track, metres: Float64Array): Effort | null {
	if (!hasAny(track.elevation)) return null;
	const values = new Float64Array(track.length).fill(NaN);
	const known = Array.from(metres.keys()).filter(
		(index) => !Number.isNaN(metres[index]!) && !Number.isNaN(track.elevation[index]!),
	);
	let from = 0;
	let to = 0;
	for (const index of known) {
		while (metres[index]! - metres[known[from]!]! > GRADIENT_METRES) from++;
		while (to < known.length - 1 && metres[known[to]!]! - metres[index]! < GRADIENT_METRES) to++;
		const [first, last] = [known[from]!, known[to]!];
		const run = metres[last]! - metres[first]!;
		const rise = track.elevation[last]! - track.elevation[first]!;
		if (run > GRADIENT_METRES / 2) values[index] = (rise / run) * 100;
	}
	return hasAny(values) ? effort('Gradient', '%', values, 1) : null;
}

function effort(name: string, unit: string, values: Float64Array, step: number): Effort {
	const sorted = values.filter((value) => !Number.isNaN(value)).sort();
	const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
	const low = Math.floor(at(0.05) / step) * step;
	const high = Math.max(Math.ceil(at(0.95) / step) * step, low + step);
	return { name, unit, values, low, high };
}

/** The mean within half a window to either side; NaN if there is no value. */
function smoothed(values: Float64Array, time: Float64Array, window: number): Float64Array {
	const means = new Float64Array(values.length);
	let [from, to, sum, count] = [0, 0, 0, 0];
	for (let index = 0; index < values.length; index++) {
		for (; to < values.length && time[to]! <= time[index]! + window / 2; to++) {
			if (!Number.isNaN(values[to]!)) [sum, count] = [sum + values[to]!, count + 1];
		}
		for (; time[from]! < time[index]! - window / 2; from++) {
			if (!Number.isNaN(values[from]!)) [sum, count] = [sum - values[from]!, count - 1];
		}
		means[index] = count > 0 ? sum / count : NaN;
	}
	return means;
}

/** Where a value lies between the lowest and the highest colour; null if it is unknown. */
export function shareOf({ values, low, high }: Effort, index: number): number | null {
	const value = values[index]!;
	return Number.isNaN(value) ? null : Math.min(1, Math.max(0, (value - low) / (high - low)));
}
