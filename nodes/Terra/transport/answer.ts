import { isObject, type JsonObject } from '../terra/json';
import { clock } from './clock';
import { explainSilence, explainStatus, type Subject } from './errors';
import { isResponse, type HttpResponse, type NoResponse } from './exchange';
import { TerraError } from './terraError';

/** What Terra's answer means for the next step. Each but `data` carries the error to show if it stays at that. */
export type Answer<T> =
	| { kind: 'data'; value: T }
	/** It passes by; `waitMs` is how long Terra says. */
	| { kind: 'later'; waitMs?: number; error: TerraError }
	/** Fewer days at once may help; if it `mayPass`, so may a repetition. */
	| { kind: 'tooLarge'; mayPass: boolean; error: TerraError }
	/** This request brings no data, others may: it comes by webhook, or Terra or the provider withholds it. */
	| { kind: 'unavailable'; error: TerraError }
	/** Asking again will not help. */
	| { kind: 'refused'; error: TerraError };

/** What is left when waiting and repeating are over. */
export type FinalAnswer<T> = Exclude<Answer<T>, { kind: 'later' }>;

/** Says what a response means; the body of a success is left to `readBody`. */
export function answerIn<T>(
	response: HttpResponse | NoResponse,
	about: Subject,
	readBody: (body: unknown) => Answer<T>,
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
	const isTooFast = status === 429 && headers['x-terra-ratelimit-rule'] !== 'r1';
	if (isTooFast || status === 408 || status === 502 || status === 503) {
		return { kind: 'later', waitMs: retryAfterMs(headers), error };
	}
	return { kind: 'refused', error };
}

export const UNREADABLE = new TerraError(
	"Terra's answer cannot be read",
	"It is not JSON, or was cut short. Check the 'Base URL' of the Terra API credential, and any proxy between n8n and Terra.",
);

/** Reads a body where every JSON object or list is right. */
export function readJson(body: unknown): Answer<unknown> {
	return isObject(body) || Array.isArray(body)
		? { kind: 'data', value: body }
		: { kind: 'later', error: UNREADABLE };
}

/** `Retry-After` is a number of seconds or a date. */
function retryAfterMs(headers: JsonObject): number | undefined {
	const value = headers['retry-after'];
	const seconds = Number(value ?? NaN);
	if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
	const at = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now());
}
