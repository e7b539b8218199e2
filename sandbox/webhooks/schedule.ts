const MAX_ATTEMPTS = 10;
const FIRST_DELAY_MS = 30_000;
const MAX_DELAY_MS = 8 * 3_600_000;

/** Milliseconds until the next retry after `attempts` failed attempts: doubling, at most 8 h; undefined: give up. */
export function gapAfter(attempts: number): number | undefined {
	if (attempts >= MAX_ATTEMPTS) return undefined;
	return Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), MAX_DELAY_MS);
}
