import { asText, isObject, type JsonObject } from '../terra/json';
import { otherThanExpected, wordsIn, type Answer } from './answer';
import { UNSUPPORTED } from './errors';
import { quoting } from './terraError';

/** What Terra has for one user and some days. */
export interface Records {
	user: JsonObject | undefined;
	records: JsonObject[];
}

/**
 * Reads the body of a 200 to a request for records. It is a success only in one of the shapes that Terra documents:
 * records (also none, or a single one), a profile, or words that there is no data.
 *
 * @see https://docs.tryterra.co/reference/health-and-fitness-api
 */
export function readRecords(body: unknown): Answer<Records> {
	if (!isObject(body)) return otherThanExpected(body);
	const user = isObject(body.user) ? body.user : undefined;
	const records = recordsIn(body);
	if (records) return { kind: 'data', value: { user, records } };
	return isNothing(body) ? { kind: 'data', value: { user, records: [] } } : readNotice(body);
}

/** Reads the answer to a request to send records to the webhook: the receipt is the one record. */
export function readReceipt(body: unknown): Answer<Records> {
	if (!isObject(body)) return otherThanExpected(body);
	const user = isObject(body.user) ? body.user : undefined;
	const records = recordsIn(body);
	if (records || isNothing(body)) {
		return { kind: 'data', value: { user, records: [inlineReceipt(records ?? [])] } };
	}
	return isReceipt(body) ? { kind: 'data', value: { user, records: [body] } } : readNotice(body);
}

/** Terra answered at once: there is nothing to wait for at the webhook. */
function inlineReceipt(records: JsonObject[]): JsonObject {
	return records.length === 0
		? { status: 'no_data', message: 'Terra has no data for these days' }
		: {
				status: 'not_sent',
				message: `Terra answered with ${records.length} ${records.length === 1 ? 'record' : 'records'} instead of sending them to the webhook: get them with Get Many`,
			};
}

function recordsIn({ data, athlete }: JsonObject): JsonObject[] | undefined {
	if (Array.isArray(data)) return data.filter(isObject);
	if (isObject(data) && isObject(data.metadata)) return [data];
	return isObject(athlete) ? [athlete] : undefined;
}

function isNothing(body: JsonObject): boolean {
	if (asText(body.status)?.toLowerCase() === 'error') return false;
	if (body.data === null && 'user' in body) return true;
	return /\bno (new )?data\b/i.test(wordsIn(body));
}

function isReceipt(body: JsonObject): boolean {
	return isLarge(body) || isProviderLimit(body) || asText(body.reference) !== undefined
		? asText(body.type)?.toLowerCase() !== 'processing'
		: false;
}

function isLarge({ type }: JsonObject): boolean {
	return asText(type)?.toLowerCase().startsWith('large_request') === true;
}

function isProviderLimit(body: JsonObject): boolean {
	const text = `${asText(body.type) ?? ''} ${wordsIn(body)}`;
	return /rate.?limit|limits? requests/i.test(text);
}

/** The kinds of success that bring no records. */
function readNotice(body: JsonObject): Answer<Records> {
	const words = wordsIn(body);
	if (isLarge(body)) {
		const error = quoting(
			'Terra sends this data to the webhook, since it is too large for an answer',
			'Receive it with the Terra Trigger, or leave out the samples',
			words,
		);
		return { kind: 'tooLarge', mayPass: false, error };
	}
	const other = otherThanExpected(body);
	if (other.kind === 'later') return other;
	if (UNSUPPORTED.test(words) && asText(body.status)?.toLowerCase() !== 'error') {
		const error = quoting(
			'This connection does not have this type of data',
			'Its provider does not supply it. Xert supplies activities only',
			words,
			{ reason: 'unsupported' },
		);
		return { kind: 'refused', error };
	}
	if (isProviderLimit(body)) {
		const error = quoting(
			"The provider's own rate limit is reached",
			'Try again later, or use the operation Request Backfill: Terra then sends the data to the Terra Trigger when it can',
			words,
		);
		return { kind: 'unavailable', error };
	}
	const reference = asText(body.reference);
	if (reference === undefined) return other;
	const error = quoting(
		'Terra sends this data to the webhook instead of answering with it',
		`Receive it with the Terra Trigger, as deliveries with the reference ${reference}`,
		words,
	);
	return { kind: 'unavailable', error };
}
