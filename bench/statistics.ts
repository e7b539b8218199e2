/** Rounded to three significant digits, because the measurements are no more precise than that. */
export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	const value = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
	return Number(value.toPrecision(3));
}
