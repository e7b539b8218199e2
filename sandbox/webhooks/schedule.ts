const MAX_ATTEMPTS = 10;
const FIRST_GAP_MS = 30_000;
const LONGEST_GAP_MS = 8 * 3_600_000;

/** Milliseconds to wait after so many failed attempts: doubling, at most 8 h; undefined: give up. */
export function gapAfter(attempts: number): number | undefined {
	if (attempts >= MAX_ATTEMPTS) return undefined;
	return Math.min(FIRST_GAP_MS * 2 ** (attempts - 1), LONGEST_GAP_MS);
}
