import { UserError } from '../terra/userError';
import type { Answer, FinalAnswer } from './answer';
import type { ClientEvents } from './client';
import { clock } from './clock';
import type { TerraError } from './terraError';

/** How a request may be retried. */
export interface Retry {
	/** The longest total wait of one request, in milliseconds. */
	longestWaitMs: number;
	/** Whether the caller can ask for less instead of retrying. */
	canShrink?: boolean;
	/** The budget that may delay the request. */
	budget?: RateBudget;
	/** Aborts when the answer is no longer needed: then nothing is retried. */
	signal?: AbortSignal;
	/** Called with each answer, including those that are not final. */
	onAnswer?: (isData: boolean) => void;
}

/** The share of a user's budget that one request needs. */
export interface RateBudget {
	/** How long to wait before the request may be sent, in milliseconds. */
	waitMs(): number;
	spend(): void;
	/** Reads an answer's headers. */
	learn(headers: Record<string, unknown>): void;
	/** The error if the wait is too long. */
	readonly error: TerraError;
}

const MAX_FAILURES = 5;
const MAX_WAITS = 50;
const FIRST_WAIT_MS = 1_000;
const LONGEST_BACK_OFF_MS = 30_000;
const LONGEST_RATE_LIMIT_WAIT_MS = 300_000;

/**
 * Sends until the answer is final: waits as long as Terra says, if it does, and retries other temporary failures
 * with growing waits. Without `retry` it sends once.
 */
export async function retried<T>(
	send: () => Promise<Answer<T>>,
	retry: Retry = { longestWaitMs: 0 },
	{ onWait, signal }: ClientEvents = {},
): Promise<FinalAnswer<T>> {
	let failures = 0;
	let waits = 0;
	let waitedMs = 0;
	for (;;) {
		const answer = await sendWithin(retry, send);
		if (answer.kind !== 'later' && answer.kind !== 'tooLarge') return answer;
		if (answer.kind === 'tooLarge' && (retry.canShrink || !answer.mayPass)) return answer;

		const ms = waitFor(answer, ++waits, failures + 1);
		const isWait = answer.kind === 'later' && (answer.isRateLimit || answer.waitMs !== undefined);
		if (!isWait) failures++;
		waitedMs += ms;
		const { error } = answer;
		const mustStop = failures >= MAX_FAILURES || waits > MAX_WAITS || retry.signal?.aborted;
		if (mustStop || waitedMs > retry.longestWaitMs) {
			return { kind: 'unavailable', error };
		}
		onWait?.(ms, error);
		await clock.sleep(ms, eitherOf(signal, retry.signal));
		if (signal?.aborted) throw new UserError('The execution was cancelled');
		if (retry.signal?.aborted) return { kind: 'unavailable', error };
	}
}

function eitherOf(...signals: Array<AbortSignal | undefined>): AbortSignal | undefined {
	const given = signals.filter((signal) => signal !== undefined);
	return given.length > 1 ? AbortSignal.any(given) : given[0];
}

async function sendWithin<T>(
	{ budget, onAnswer }: Retry,
	send: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
	const waitMs = budget?.waitMs() ?? 0;
	if (budget && waitMs > 0) return { kind: 'later', waitMs, error: budget.error };
	budget?.spend();
	const answer = await send();
	onAnswer?.(answer.kind === 'data');
	return answer;
}

function waitFor<T>(answer: Answer<T>, waits: number, failures: number): number {
	if (answer.kind !== 'later') return backOff(failures, LONGEST_BACK_OFF_MS);
	if (answer.waitMs !== undefined) return Math.max(answer.waitMs, FIRST_WAIT_MS);
	// Limits reset by the minute or the hour, so wait longer than after a failure.
	return answer.isRateLimit
		? backOff(waits + 2, LONGEST_RATE_LIMIT_WAIT_MS)
		: backOff(failures, LONGEST_BACK_OFF_MS);
}

/** Doubles each time; a random value from the upper half, so that many requests do not retry at once. */
function backOff(times: number, maxMs: number): number {
	const longest = Math.min(FIRST_WAIT_MS * 2 ** (times - 1), maxMs);
	return Math.round(longest * (0.5 + Math.random() / 2));
}
