import type { ITriggerFunctions } from 'n8n-workflow';
import { createLock } from '../history';
import { nodeIdOf } from '../inbox';
import { clock } from '../transport';
import type { PassResult } from './pass';
import { MINUTE_MS } from '../terra/durations';

/** The first wait after a pass that could not finish, unless the next is due anyway; it doubles. */
const AGAIN_AFTER_MS = 10 * MINUTE_MS;

export interface Schedule {
	firstAfterMs: number;
	/** Between the first pass and the second, if it is not the same. */
	secondAfterMs?: number;
	everyMs: number;
	/** Aborts when the trigger is withdrawn. */
	over: AbortSignal;
}

/** One pass after the other, until the trigger is withdrawn. Never fails: a trigger that did would be taken down. */
export async function repeat(
	context: ITriggerFunctions,
	pass: () => Promise<PassResult>,
	{ firstAfterMs, secondAfterMs, everyMs, over }: Schedule,
): Promise<void> {
	let failures = 0;
	let pause = secondAfterMs ?? everyMs;
	await clock.sleep(firstAfterMs, over);
	while (!over.aborted) {
		const result = await turnOf(nodeIdOf(context))(pass);
		if (over.aborted) return;
		failures = result.problem ? failures + 1 : 0;
		if (failures > 0) {
			const soon = AGAIN_AFTER_MS * 2 ** (failures - 1);
			await clock.sleep(Math.min(soon, everyMs), over);
			continue;
		}
		if (result.isMore && result.started > 0) continue;
		await clock.sleep(pause, over);
		pause = everyMs;
	}
}

/** Makes every pass a small one, except that a full one is due at this interval. It stays due until one has succeeded. */
export function fullNowAndThen(
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

/** A pass of a version that has been replaced may not have ended yet. */
const turnOf = createLock();
