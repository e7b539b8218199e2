import type { Explanation } from './errors';
import type { Verdict } from './verdict';

/** How long a request may be repeated, and how its waits are waited. */
export interface Patience {
	/** Waits; throws when the execution is cancelled. */
	pause(ms: number, reason: Explanation): Promise<void>;
	/** The longest that one request may spend on waiting, in milliseconds. */
	longestWaitMs: number;
}

/** What is left when waiting and repeating are over. */
export type Settled<T> = Exclude<Verdict<T>, { kind: 'again' }>;

const MAX_FAILURES = 5;
const MAX_WAITS = 50;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Asks until the answer is final: waits as long as Terra says where it says so, and repeats other failures that
 * pass by with growing pauses.
 *
 * @param canShrink whether the caller can ask for less instead of asking again
 */
export async function insist<T>(
	ask: () => Promise<Verdict<T>>,
	{ pause, longestWaitMs }: Patience,
	canShrink = false,
): Promise<Settled<T>> {
	let failures = 0;
	let waitedMs = 0;
	for (let tries = 1; ; tries++) {
		const verdict = await ask();
		const isOver = verdict.kind !== 'again' && verdict.kind !== 'smaller';
		if (isOver || (verdict.kind === 'smaller' && (canShrink || !verdict.mayPass))) return verdict;

		const toldMs = verdict.kind === 'again' ? verdict.ms : undefined;
		if (toldMs === undefined) failures++;
		const ms = toldMs === undefined ? backOff(failures) : Math.max(toldMs, FIRST_PAUSE_MS);
		waitedMs += ms;
		const { reason } = verdict;
		if (failures >= MAX_FAILURES || tries > MAX_WAITS || waitedMs > longestWaitMs) {
			return { kind: 'withheld', reason };
		}
		await pause(ms, reason);
	}
}

/** Doubles each time, and is drawn by lot from its upper half, so that many do not come back at the same moment. */
function backOff(failures: number): number {
	const longest = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
	return Math.round(longest * (0.5 + Math.random() / 2));
}
