/** Several measurements of one thing. */
export interface Spread {
	median: number;
	min: number;
	max: number;
}

export function spread(values: number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
	return { median: tidy(median), min: tidy(sorted[0]!), max: tidy(sorted.at(-1)!) };
}

/** Three significant digits: more would claim an exactness that no machine has. */
export function tidy(value: number): number {
	return Number(value.toPrecision(3));
}
