import type { ITriggerFunctions } from 'n8n-workflow';
import { createLock } from '../history';
import { nodeIdOf } from '../inbox';
import { clock } from '../transport';
import type { PassResult } from './pass';
import { MINUTE_MS } from '../terra/durations';

/** The wait after a pass that could not finish, unless the next is due sooner. It doubles each time. */
const AGAIN_AFTER_MS = 10 * MINUTE_MS;

export interface Schedule {
	firstAfterMs: number;
	/** The wait between the first pass and the second, if it differs. */
	secondAfterMs?: number;
	everyMs: number;
	/** Aborts when the trigger is deactivated. */
	signal: AbortSignal;
}

/** One pass after the other, until the trigger is deactivated. Never fails: n8n would take the trigger down. */
export async function repeat(
	context: ITriggerFunctions,
	pass: () => Promise<PassResult>,
	{ firstAfterMs, secondAfterMs, everyMs, signal }: Schedule,
): Promise<void> {
	let failures = 0;
	let pause = secondAfterMs ?? everyMs;
	await clock.sleep(firstAfterMs, signal);
	while (!signal.aborted) {
		const result = await lockFor(nodeIdOf(context))(pass);
		if (signal.aborted) return;
		failures = result.problem ? failures + 1 : 0;
		if (failures > 0) {
			const soon = AGAIN_AFTER_MS * 2 ** (failures - 1);
			await clock.sleep(Math.min(soon, everyMs), signal);
			continue;
		}
		if (result.isMore && result.started > 0) continue;
		await clock.sleep(pause, signal);
		pause = everyMs;
	}
}

/** Makes every pass a small one, except for a full one at this interval, which stays due until it has succeeded. */
export function withFullPasses(
	fullEveryMs: number,
	pass: (isFull: boolean) => Promise<PassResult>,
): () => Promise<PassResult> {
	let fullPassAt = -Infinity;
	return async () => {
		const now = clock.now();
		const isFull = now - fullPassAt >= fullEveryMs;
		const result = await pass(isFull);
		if (isFull && !result.problem && !result.isMore) fullPassAt = now;
		return result;
	};
}

/** A pass of a workflow version that has been replaced may still be running. */
const lockFor = createLock();
