import {
	addDays,
	cutWindow,
	daysOf,
	earlier,
	halve,
	windowAround,
	type DateWindow,
	type DayRange,
	type Order,
} from '../terra/days';
import type { JsonObject } from '../terra/json';
import { timesOf } from '../terra/recordTimes';
import {
	clock,
	receiptReader,
	recordsReader,
	type Client,
	type FinalAnswer,
	type Records,
	type TerraError,
	type TerraRequest,
} from '../transport';
import { budgetFor, MAX_DAYS_PER_REQUEST, type DayBudget } from './budget';

/** One user's records of one type over a range of the athlete's own days. */
export interface HistoryQuery {
	type: string;
	userId: string;
	range: DayRange;
	order: Order;
	withSamples: boolean;
	/** Whether Terra should send the records to the webhook; then the records here are its receipts. */
	toWebhook?: boolean;
	/** Whether the caller may stop early: then nothing is requested ahead. */
	mayStop?: boolean;
	/** The longest that one request may spend on waiting. */
	longestWaitMs: number;
}

/** A record, in the query's order within its window. Windows extend a day beyond the range at both ends. */
export interface Fetched {
	kind: 'record';
	record: JsonObject;
	/** The user as the answer describes them, if it does. */
	user: JsonObject | undefined;
	window: DateWindow;
}

/** A window without data, and why. */
export interface Gap {
	kind: 'gap';
	window: DateWindow;
	error: TerraError;
	/** Whether this error ended the history: the rest was not requested. */
	isFinal: boolean;
}

export interface WindowDone {
	kind: 'windowDone';
	window: DateWindow;
}

export type HistoryEvent = Fetched | Gap | WindowDone;

/** Receives the progress of a long history. */
export interface Progress {
	plan(windows: number): void;
	windowDone(records: number): void;
}

/** Terra answers directly only up to about a month, and 28 days are never more. */
const DAYS_PER_REQUEST = 28;

/** Answers with samples are large, so each request covers less. */
const DAYS_PER_REQUEST_WITH_SAMPLES = 7;

/** The most concurrent requests for one user (docs/decisions/0004). */
const MAX_CONCURRENCY = 4;

/** After this many failures in a row, assume that Terra is down and skip the remaining days. */
const MAX_FAILURES_IN_A_ROW = 3;

interface Pending {
	window: DateWindow;
	/** Missing until the window is requested. */
	answer?: Promise<FinalAnswer<Records>>;
}

/**
 * Fetches a history window by window, in order. A window that is too large is halved, down to a day. A day that fails
 * leaves a gap; an error that affects every day ends the history.
 *
 * Concurrency begins at one and doubles with every answer. It goes back to one for good when Terra or the provider
 * asks us to wait, fails, or sends something other than data.
 */
export async function* fetchHistory(
	query: HistoryQuery,
	client: Client,
	budget: DayBudget,
	progress: Progress,
): AsyncGenerator<HistoryEvent> {
	const pending: Pending[] = windowsOf(query).map((window) => ({ window }));
	progress.plan(pending.length);
	let limit = query.withSamples || query.toWebhook || query.mayStop ? 1 : MAX_CONCURRENCY;
	let concurrency = 1;
	const stop = new AbortController();
	const request = async (window: DateWindow) =>
		await client.ask(requestFor(query, window), {
			longestWaitMs: query.longestWaitMs,
			canShrink: daysOf(window) > 1,
			budget: budgetFor(budget, daysOf(window)),
			signal: stop.signal,
			onAnswer: (isData) => {
				if (!isData) limit = 1;
				concurrency = Math.min(2 * concurrency, limit);
			},
		});

	let failuresInARow = 0;
	try {
		while (pending.length > 0) {
			for (const next of pending.slice(0, concurrency)) {
				next.answer ??= request(next.window);
				// Avoids an unhandled rejection if an earlier window ends the run.
				next.answer.catch(() => {});
			}
			const { window, answer: promise } = pending.shift()!;
			const answer = await promise!;
			if (answer.kind === 'data') {
				failuresInARow = 0;
				const { user, records, unreadable } = answer.value;
				progress.windowDone(records.length);
				for (const record of inOrder(records, query.order)) {
					yield { kind: 'record', record, user, window };
				}
				yield { kind: 'windowDone', window };
				if (unreadable) yield { kind: 'gap', window, error: unreadable, isFinal: false };
				continue;
			}
			if (answer.kind === 'tooLarge' && daysOf(window) > 1) {
				pending.unshift(...halve(window, query.order).map((half) => ({ window: half })));
				continue;
			}
			// A day that is too large says nothing about the next.
			if (answer.kind !== 'tooLarge') failuresInARow++;
			const isFinal = answer.kind === 'refused' || failuresInARow >= MAX_FAILURES_IN_A_ROW;
			const { error } = answer;
			yield { kind: 'gap', window, error, isFinal };
			if (!isFinal) continue;
			for (const { window: rest } of pending) yield { kind: 'gap', window: rest, error, isFinal };
			return;
		}
	} finally {
		// Do not retry requests made ahead that are no longer needed.
		stop.abort();
	}
}

/** Terra promises no order within an answer. */
function inOrder(records: JsonObject[], order: Order): JsonObject[] {
	const direction = order === 'newest' ? -1 : 1;
	const startOf = (record: JsonObject) =>
		timesOf('', record, 'UTC').startInstant ?? direction * -Infinity;
	return records
		.map((record) => ({ record, at: startOf(record) }))
		.sort((a, b) => (a.at === b.at ? 0 : direction * (a.at < b.at ? -1 : 1)))
		.map(({ record }) => record);
}

function requestFor(
	{ type, userId, withSamples, toWebhook = false }: HistoryQuery,
	window: DateWindow,
): TerraRequest<Records> {
	return {
		path: `/${type}`,
		query: { user_id: userId, ...window, to_webhook: toWebhook, with_samples: withSamples },
		about: { kind: 'records', type },
		read: toWebhook ? receiptReader({ type, userId }) : recordsReader({ type, userId }),
	};
}

function windowsOf({ range, order, withSamples, toWebhook }: HistoryQuery): DateWindow[] {
	const withinAnswer = withSamples ? DAYS_PER_REQUEST_WITH_SAMPLES : DAYS_PER_REQUEST;
	const maxDays = toWebhook ? MAX_DAYS_PER_REQUEST : withinAnswer;
	return cutWindow(windowFor(range), maxDays, order);
}

/** Nothing can have been recorded after tomorrow, wherever the athlete is. */
function windowFor({ from, to, isOpen }: DayRange): DateWindow {
	const tomorrow = addDays(new Date(clock.now()).toISOString().slice(0, 10), 1);
	const window = windowAround({ from, to: isOpen ? tomorrow : earlier(to, tomorrow) });
	return { ...window, end_date: earlier(window.end_date, addDays(tomorrow, 1)) };
}
