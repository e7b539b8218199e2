import { runsOf, type Run, type Seconds } from './seconds';

/** Seconds of the best efforts: the usual points of a power curve. */
export const BEST_SECONDS = [5, 15, 30, 60, 300, 600, 1200, 3600] as const;

/** Seconds of the rolling mean. */
const ROLLING_SECONDS = 30;

/** Running sums, so that the mean of any window takes one subtraction. */
export interface PowerSums {
	runs: readonly Run[];
	/** Joules from the start of the ride up to each second. */
	joules: Float64Array;
	usualGap: number;
}

export function powerSums(seconds: Seconds): PowerSums {
	const { power, length, usualGap } = seconds;
	const joules = new Float64Array(length + 1);
	for (let index = 0; index < length; index++) {
		const watts = power[index]!;
		joules[index + 1] = joules[index]! + (Number.isNaN(watts) ? 0 : watts);
	}
	return { runs: runsOf(seconds, power), joules, usualGap };
}

/** Seconds with a value. */
export function knownSeconds({ runs }: PowerSums): number {
	return runs.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** Watts over all seconds with a value, zeros included; null if there is none. */
export function meanPower(sums: PowerSums): number | null {
	const seconds = knownSeconds(sums);
	return seconds === 0 ? null : sums.joules.at(-1)! / seconds;
}

/**
 * The highest mean over so many seconds without a pause or a gap; null if no stretch is that long, or the recording
 * is coarser than the window.
 */
export function bestPower({ runs, joules, usualGap }: PowerSums, window: number): number | null {
	if (usualGap > window) return null;
	let best = -1;
	for (const [from, to] of runs) {
		for (let end = from + window; end <= to; end++) {
			const sum = joules[end]! - joules[end - window]!;
			if (sum > best) best = sum;
		}
	}
	return best < 0 ? null : best / window;
}

/**
 * The fourth root of the mean fourth power of the rolling mean over 30 seconds (Coggan's formula), of whole windows
 * only: the first value is the mean of seconds 1 to 30, also after a pause. Null if no stretch lasts 30 seconds.
 */
export function weightedPower({ runs, joules }: PowerSums): number | null {
	let sum = 0;
	let count = 0;
	for (const [from, to] of runs) {
		for (let end = from + ROLLING_SECONDS; end <= to; end++) {
			const mean = (joules[end]! - joules[end - ROLLING_SECONDS]!) / ROLLING_SECONDS;
			sum += mean ** 4;
			count++;
		}
	}
	return count === 0 ? null : (sum / count) ** 0.25;
}
