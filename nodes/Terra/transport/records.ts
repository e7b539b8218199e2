import { asObject, asText, isObject, type JsonObject } from '../terra/json';
import { UNREADABLE, type Answer } from './answer';
import { quoting } from './terraError';

/** What Terra has for one user and some days. */
export interface Records {
	user: JsonObject | undefined;
	records: JsonObject[];
}

/**
 * Reads the body of a 200 to a request for records. Terra also says "later", "elsewhere" and "nothing" that way: it is
 * data only if it holds records (or the athlete); an empty list is data too.
 */
export function readRecords(body: unknown): Answer<Records> {
	if (!isObject(body)) return { kind: 'later', error: UNREADABLE };
	const user = userIn(body);
	if (Array.isArray(body.data)) {
		return { kind: 'data', value: { user, records: body.data.filter(isObject) } };
	}
	if (isObject(body.athlete)) return { kind: 'data', value: { user, records: [body.athlete] } };
	return readNotice(body);
}

/** Reads the answer to a request to send records to the webhook: the receipt is the one record. */
export function readReceipt(body: unknown): Answer<Records> {
	return isObject(body) && isReceipt(body)
		? { kind: 'data', value: { user: userIn(body), records: [body] } }
		: readRecords(body);
}

function isReceipt(body: JsonObject): boolean {
	if (Array.isArray(body.data) || isObject(body.athlete)) return false;
	return ['large', 'providerLimit', 'receipt'].includes(noticeOf(body));
}

type Notice = 'large' | 'processing' | 'providerLimit' | 'receipt' | 'other';

/** The kinds of success that bring no records. */
function noticeOf(body: JsonObject): Notice {
	const type = asText(body.type)?.toLowerCase() ?? '';
	if (type.startsWith('large_request')) return 'large';
	if (type === 'processing' || secondsIn(body) !== undefined) return 'processing';
	if (/rate.?limit|limits? requests/i.test(`${type} ${said(body)}`)) return 'providerLimit';
	return asText(body.reference) === undefined ? 'other' : 'receipt';
}

function readNotice(body: JsonObject): Answer<Records> {
	const words = said(body);
	switch (noticeOf(body)) {
		case 'large':
			return {
				kind: 'tooLarge',
				mayPass: false,
				error: quoting(
					'Terra sends this data to the webhook, since it is too large for an answer',
					'Receive it with the Terra Trigger, or leave out the samples',
					words,
				),
			};
		case 'processing': {
			const seconds = secondsIn(body);
			return {
				kind: 'later',
				waitMs: seconds === undefined ? undefined : seconds * 1000,
				error: quoting('Terra is still collecting this data', 'Try again in a few minutes', words),
			};
		}
		case 'providerLimit':
			return {
				kind: 'unavailable',
				error: quoting(
					"The provider's own rate limit is reached",
					'Try again later, or use the operation Request Backfill: Terra then sends the data to the Terra Trigger when it can',
					words,
				),
			};
		case 'receipt':
			return {
				kind: 'unavailable',
				error: quoting(
					'Terra sends this data to the webhook instead of answering with it',
					`Receive it with the Terra Trigger, as deliveries with the reference ${asText(body.reference)}`,
					words,
				),
			};
		case 'other':
			return isNothing(body, words)
				? { kind: 'data', value: { user: undefined, records: [] } }
				: {
						kind: 'unavailable',
						error: quoting('Terra answered without data', 'Try again in a few minutes', words),
					};
	}
}

function isNothing(body: JsonObject, words: string): boolean {
	return 'data' in body || /\bno (new )?data\b|not available/i.test(words);
}

function userIn(body: JsonObject): JsonObject | undefined {
	return isObject(body.user) ? body.user : undefined;
}

function said(body: JsonObject): string {
	return [asText(body.message), asText(body.status)].find(Boolean) ?? '';
}

/** Both of Terra's spellings of the waiting time. */
function secondsIn(body: JsonObject): number | undefined {
	const { retry_after_seconds, retry_after } = asObject(body);
	const seconds = Number(retry_after_seconds ?? retry_after ?? NaN);
	return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
