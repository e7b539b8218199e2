/** Several measurements of one thing. */
export interface Spread {
	median: number;
	min: number;
	max: number;
	/** In the order in which they were made. */
	rounds: number[];
}

export function spread(values: number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
	return {
		median: tidy(median),
		min: tidy(sorted[0]!),
		max: tidy(sorted.at(-1)!),
		rounds: values.map(tidy),
	};
}

/** Round by round, so that what slowed the machine down in one of them slowed down both. */
export function ratio(numerator: Spread, denominator: Spread): Spread {
	return spread(numerator.rounds.map((value, index) => value / denominator.rounds[index]!));
}

/** Three significant digits: more would claim an exactness that no machine has. */
export function tidy(value: number): number {
	return Number(value.toPrecision(3));
}
