import { readAnswer, type Answer } from './answers';
import { isObject, type JsonObject } from '../terra/json';
import { explainFailure, explainSilence, type Explanation } from './errors';
import { timing } from './clock';

/** An answer, or that there was none (`error` is the socket's). */
export type Response =
	| { statusCode: number; body: unknown; headers: JsonObject }
	| { error: unknown; timedOut: boolean };

/** Asking again will not help. */
export interface Refusal extends Explanation {
	/** Terra's status; undefined where there was no answer. */
	httpCode?: string;
	/** The credential is refused, so nobody else's data can be had either. */
	isFatal?: boolean;
}

/** What an answer means for the next step. Durations are milliseconds. */
export type Verdict<T> =
	| { kind: 'ok'; value: T }
	/** It passes by; `ms` is how long Terra says. */
	| { kind: 'again'; ms?: number; reason: Explanation }
	/** Fewer days at once may help; if it `mayPass`, so may a repetition. */
	| { kind: 'smaller'; mayPass: boolean; reason: Explanation }
	/** This request will bring no data, others may. */
	| { kind: 'withheld'; reason: Explanation }
	| { kind: 'refused'; reason: Refusal };

export interface Records {
	user: JsonObject | undefined;
	records: JsonObject[];
}

/** Judges the answer to a request that should bring records. */
export function judgeRecords(response: Response, path: string): Verdict<Records> {
	return judge(response, path, (body) => judgeAnswer(readAnswer(body)));
}

/** Judges the answer to a request to send records to the webhook: the receipt is the one record. */
export function judgeReceipt(response: Response, path: string): Verdict<Records> {
	return judge(response, path, (body) => {
		const answer = readAnswer(body);
		const isReceipt =
			answer.kind === 'receipt' || answer.kind === 'large' || answer.kind === 'providerLimit';
		if (!isReceipt || !isObject(body)) return judgeAnswer(answer);
		return {
			kind: 'ok',
			value: { user: isObject(body.user) ? body.user : undefined, records: [body] },
		};
	});
}

/** Judges the answer to any other request: every JSON object or list is right. */
export function judgeJson(response: Response, path: string): Verdict<unknown> {
	return judge(response, path, (body) =>
		isObject(body) || Array.isArray(body)
			? { kind: 'ok', value: body }
			: { kind: 'again', reason: UNREADABLE },
	);
}

/** Judges the status, and leaves the body of a success to `readBody`. */
export function judge<T>(
	response: Response,
	path: string,
	readBody: (body: unknown) => Verdict<T>,
): Verdict<T> {
	if ('error' in response) return judgeSilence(response, path);
	const { statusCode: status, headers } = response;
	if (status >= 200 && status < 300) return readBody(response.body);

	const reason = explainFailure(response, { path });
	const ms = retryAfterMs(headers);
	if (status === 413) return { kind: 'smaller', mayPass: false, reason };
	if (status === 500 || status === 504) return { kind: 'smaller', mayPass: true, reason };
	const isTooFast = status === 429 && headers['x-terra-ratelimit-rule'] !== 'r1';
	if (isTooFast || status === 408 || status === 502 || status === 503) {
		return { kind: 'again', ms, reason };
	}
	return {
		kind: 'refused',
		reason: { ...reason, httpCode: String(status), isFatal: status === 401 },
	};
}

function judgeSilence(
	{ error, timedOut }: { error: unknown; timedOut: boolean },
	path: string,
): Verdict<never> {
	const reason = explainSilence(error, timedOut, path);
	return timedOut ? { kind: 'smaller', mayPass: true, reason } : { kind: 'again', reason };
}

const UNREADABLE: Explanation = {
	message: "Terra's answer cannot be read",
	description:
		"It is not JSON, or was cut short. Check the 'Base URL' of the Terra API credential, and any proxy between n8n and Terra.",
};

function judgeAnswer(answer: Answer): Verdict<Records> {
	switch (answer.kind) {
		case 'data':
			return { kind: 'ok', value: { user: answer.user, records: answer.records } };
		case 'nothing':
			return { kind: 'ok', value: { user: undefined, records: [] } };
		case 'processing':
			return {
				kind: 'again',
				ms: answer.seconds === undefined ? undefined : answer.seconds * 1000,
				reason: quoting(
					'Terra is still collecting this data',
					'Try again in a few minutes',
					answer.said,
				),
			};
		case 'providerLimit':
			return {
				kind: 'withheld',
				reason: quoting(
					"The provider's own rate limit is reached",
					'Try again later, or use the operation Request Backfill: Terra then sends the data to the Terra Trigger when it can',
					answer.said,
				),
			};
		case 'large':
			return {
				kind: 'smaller',
				mayPass: false,
				reason: quoting(
					'Terra sends this data to the webhook, since it is too large for an answer',
					"Set 'Days per Request' lower, or receive it with the Terra Trigger",
					answer.said,
				),
			};
		case 'receipt':
			return {
				kind: 'withheld',
				reason: quoting(
					'Terra sends this data to the webhook instead of answering with it',
					`Receive it with the Terra Trigger, as deliveries with the reference ${answer.reference}`,
					answer.said,
				),
			};
		case 'unreadable':
			return { kind: 'again', reason: UNREADABLE };
		case 'unknown':
			return {
				kind: 'withheld',
				reason: quoting('Terra answered without data', 'Try again in a few minutes', answer.said),
			};
	}
}

function quoting(message: string, next: string, said: string): Explanation {
	return { message, description: said ? `${next}. Terra says: ${said}` : `${next}.` };
}

/** `Retry-After` is a number of seconds or a date. */
function retryAfterMs(headers: JsonObject): number | undefined {
	const value = headers['retry-after'];
	const seconds = Number(value ?? NaN);
	if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
	const at = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(at) ? undefined : Math.max(0, at - timing.now());
}
