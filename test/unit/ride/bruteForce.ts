import type { Sample } from './recording';

/**
 * The same figures, calculated independently: no running sums, no typed arrays, nothing from the nodes. Every window is
 * added up second by second, and every rule is taken from the sentences of docs/output.md.
 */
type Read = (sample: Sample) => number | undefined;

interface Second {
	value: number | undefined;
	/** Whether riding starts at this second. */
	begins: boolean;
}

const timerOf = ({ clock, timer = clock }: Sample) => timer;

/** A value for each second of riding, for a device that records every `step` seconds. */
export function resample(samples: readonly Sample[], step: number, read: Read): Second[] {
	const seconds: Second[] = [];
	samples.forEach((sample, index) => {
		const [before, next] = [samples[index - 1], samples[index + 1]];
		const stood = (a: Sample, b: Sample) => b.clock - a.clock - (timerOf(b) - timerOf(a)) >= 5;
		const begins = !before || stood(before, sample);
		const isLast = !next || stood(sample, next);
		const lasts = isLast ? step : next.clock - sample.clock;
		for (let second = 0; second < lasts; second++) {
			seconds.push({
				// More than ten seconds without a sample is a gap, unless the device always waits that long.
				value: lasts > Math.max(10, step) && second >= step ? undefined : read(sample),
				begins: begins && second === 0,
			});
		}
	});
	return seconds;
}

/** The means of all windows that have a value in each second and do not span a stop. */
function windows(seconds: readonly Second[], length: number): number[] {
	const means: number[] = [];
	for (let start = 0; start + length <= seconds.length; start++) {
		const window = seconds.slice(start, start + length);
		const isWhole = window.every(
			({ value, begins }, index) => value !== undefined && !(begins && index > 0),
		);
		if (isWhole) means.push(window.reduce((sum, { value }) => sum + value!, 0) / length);
	}
	return means;
}

export function best(seconds: readonly Second[], length: number): number | null {
	const means = windows(seconds, length);
	return means.length === 0 ? null : Math.max(...means);
}

export function weighted(seconds: readonly Second[]): number | null {
	const means = windows(seconds, 30);
	if (means.length === 0) return null;
	return Math.pow(means.map((mean) => mean ** 4).reduce((a, b) => a + b) / means.length, 1 / 4);
}

export function average(seconds: readonly Second[]): number | null {
	const known = seconds.filter(({ value }) => value !== undefined);
	if (known.length === 0) return null;
	return known.reduce((sum, { value }) => sum + value!, 0) / known.length;
}

export function known(seconds: readonly Second[]): number {
	return seconds.filter(({ value }) => value !== undefined).length;
}

/** Seconds above the lower limit, up to and including the upper one. */
export function between(seconds: readonly Second[], lower: number, upper: number): number {
	return seconds.filter(({ value }) => value !== undefined && value > lower && value <= upper)
		.length;
}
