import type { ITriggerFunctions } from 'n8n-workflow';
import { createLock } from '../history';
import { nodeIdOf } from '../inbox';
import { UserError } from '../terra/userError';
import { clock } from '../transport';
import { MINUTE_MS } from '../terra/durations';

/** The first wait after a pass that could not be finished, unless the next is due anyway; it doubles. */
const AGAIN_AFTER_MS = 10 * MINUTE_MS;

export interface Schedule {
	firstAfterMs: number;
	/** Between the first pass and the second, if it is not the same. */
	secondAfterMs?: number;
	everyMs: number;
	/** Aborts when the trigger is withdrawn. */
	over: AbortSignal;
	/** Told after each pass that could be finished. */
	onDone?(started: number): void;
}

/** One pass after the other, until the trigger is withdrawn. Never fails: a trigger that did would be taken down. */
export async function repeat(
	context: ITriggerFunctions,
	pass: () => Promise<number>,
	{ firstAfterMs, secondAfterMs, everyMs, over, onDone }: Schedule,
): Promise<void> {
	let failures = 0;
	let pause = secondAfterMs ?? everyMs;
	await clock.sleep(firstAfterMs, over);
	while (!over.aborted) {
		try {
			const started = await turnOf(nodeIdOf(context))(pass);
			onDone?.(started);
			failures = 0;
		} catch (error) {
			if (over.aborted) return;
			failures++;
			const { message } = error as Error;
			const next = error instanceof UserError ? error.next : '';
			const { name } = context.getNode();
			context.logger.warn(
				`${name} could not ask Terra for what is missing, and tries again: ${message}. ${next}`,
			);
		}
		const soon = AGAIN_AFTER_MS * 2 ** (failures - 1);
		await clock.sleep(failures > 0 ? Math.min(soon, everyMs) : pause, over);
		if (failures === 0) pause = everyMs;
	}
}

/** Makes every pass a smaller one, except that a full one is due in this interval. It is due until one has succeeded. */
export function fullNowAndThen(
	fullEveryMs: number,
	pass: (isFull: boolean) => Promise<number>,
): () => Promise<number> {
	let fullPassAt = -Infinity;
	return async () => {
		const now = clock.now();
		const isFull = now - fullPassAt >= fullEveryMs;
		const started = await pass(isFull);
		if (isFull) fullPassAt = now;
		return started;
	};
}

/** A pass of a version that has been replaced may not have ended yet. */
const turnOf = createLock();
