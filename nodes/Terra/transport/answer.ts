import { asText, isObject, number, type JsonObject } from '../terra/json';
import { clock } from './clock';
import { explainSilence, explainStatus, type Subject } from './errors';
import { isResponse, type HttpResponse, type NoResponse } from './exchange';
import { quoting, TerraError } from './terraError';

/** What Terra's answer means for the next step. All but `data` have the error to show if the answer is final. */
export type Answer<T> =
	| { kind: 'data'; value: T }
	/** Temporary; `waitMs` is how long Terra says to wait. Waiting for a rate limit does not count as a failure. */
	| { kind: 'later'; waitMs?: number; isRateLimit?: true; error: TerraError }
	/** Asking for fewer days may help; if it `mayPass`, so may a retry. */
	| { kind: 'tooLarge'; mayPass: boolean; error: TerraError }
	/** This request yields no data, but others may: it goes to the webhook, or Terra or the provider withholds it. */
	| { kind: 'unavailable'; error: TerraError }
	/** Asking again will not help. */
	| { kind: 'refused'; error: TerraError };

/** The answer after waiting and retrying. */
export type FinalAnswer<T> = Exclude<Answer<T>, { kind: 'later' }>;

/** Interprets a response; `readBody` handles the body of a success. */
export function answerIn<T>(
	response: HttpResponse | NoResponse,
	about: Subject,
	readBody: ReadBody<T>,
): Answer<T> {
	if (!isResponse(response)) {
		const error = explainSilence(response, about);
		return response.timedOut
			? { kind: 'tooLarge', mayPass: true, error }
			: { kind: 'later', error };
	}
	const { statusCode: status, headers, body } = response;
	if (status >= 200 && status < 300) return readBody(body);

	const error = explainStatus(response, about);
	if (status === 413) return { kind: 'tooLarge', mayPass: false, error };
	if (status === 500 || status === 504) return { kind: 'tooLarge', mayPass: true, error };
	if (status === 429 && headers['x-terra-ratelimit-rule'] !== 'r1') {
		return { kind: 'later', waitMs: waitMsIn(headers), isRateLimit: true, error };
	}
	if (status === 408 || status > 500) {
		return { kind: 'later', waitMs: waitMsIn(headers), error };
	}
	return { kind: 'refused', error };
}

const UNREADABLE = new TerraError(
	"Terra's answer cannot be read",
	"It is not JSON, or was cut short. Check the 'Base URL' of the Terra API credential, and any proxy between n8n and Terra.",
);

/** Reads the body of a success. */
export type ReadBody<T> = (body: unknown) => Answer<T>;

/**
 * Reads a success that must have a certain shape.
 *
 * @param pick returns what was asked for, or undefined for a body of any other shape
 */
export function expecting<T>(pick: (body: unknown) => T | undefined): ReadBody<T> {
	return (body) => {
		const value = saysOtherwise(body) ? undefined : pick(body);
		return value === undefined ? otherThanExpected(body) : { kind: 'data', value };
	};
}

/** Whether an answer with status 200 says that it is not a success, whatever else it contains. */
export function saysOtherwise(body: unknown): boolean {
	if (!isObject(body)) return false;
	const isError = ['error', 'failed', 'failure'].includes(asText(body.status)?.toLowerCase() ?? '');
	return isError || body.success === false || isProcessing(body);
}

function isProcessing(body: JsonObject): boolean {
	return asText(body.type)?.toLowerCase() === 'processing' || secondsIn(body) !== undefined;
}

/** Interprets a 200 that is not a success: Terra also uses it for "later", "the provider's limit" and "an error". */
export function otherThanExpected(body: unknown): Answer<never> {
	if (!isObject(body)) return { kind: 'later', error: UNREADABLE };
	const words = wordsIn(body);
	const seconds = secondsIn(body);
	if (isProcessing(body)) {
		const error = quoting(
			'Terra is still collecting this data',
			'Try again in a few minutes',
			words,
		);
		return { kind: 'later', waitMs: seconds === undefined ? undefined : seconds * 1000, error };
	}
	const error = quoting(
		"Terra's answer does not match the request",
		'Try again in a few minutes',
		words,
	);
	return { kind: 'unavailable', error };
}

/** Terra's own words in an answer: status and message, never data. */
export function wordsIn({ status, message }: JsonObject): string {
	const parts = [status, message].map(asText).filter((part) => part !== undefined);
	return [...new Set(parts)].join(': ').slice(0, 300);
}

/** The waiting time in seconds, in either of Terra's spellings. */
function secondsIn({ retry_after_seconds, retry_after }: JsonObject): number | undefined {
	return [retry_after_seconds, retry_after].map(numberIn).find((seconds) => seconds >= 0);
}

/** A finite number, even if it is written as text; otherwise NaN, also for empty text. */
function numberIn(value: unknown): number {
	const isWritten = typeof value === 'string' && value.trim() !== '';
	return number(isWritten ? Number(value) : value) ?? NaN;
}

/** A larger reset value is a Unix time, a smaller one a number of seconds. */
const UNIX_SECONDS = 1e9;

/** How long Terra says to wait: `Retry-After` is seconds or a date, `X-RateLimit-Reset` seconds or a Unix time. */
function waitMsIn(headers: JsonObject): number | undefined {
	const value = headers['retry-after'];
	const seconds = numberIn(value);
	if (!Number.isNaN(seconds)) return Math.max(0, seconds * 1000);
	const at = typeof value === 'string' ? Date.parse(value) : NaN;
	if (!Number.isNaN(at)) return Math.max(0, at - clock.now());

	const reset = numberIn(headers['x-ratelimit-reset']);
	if (Number.isNaN(reset)) return undefined;
	return Math.max(0, reset > UNIX_SECONDS ? reset * 1000 - clock.now() : reset * 1000);
}
