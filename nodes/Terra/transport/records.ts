import { asText, isObject, type JsonObject } from '../terra/json';
import { DATA_TYPES } from '../terra/events';
import { otherThanExpected, saysOtherwise, wordsIn, type Answer, type ReadBody } from './answer';
import { UNSUPPORTED } from './errors';
import { quoting, TerraError } from './terraError';

/** What Terra has for one user and some days. */
export interface Records {
	user: JsonObject | undefined;
	records: JsonObject[];
	/** Why one of the records is missing. */
	unreadable?: TerraError;
}

/** What was requested. */
export interface RecordsAsked {
	type: string;
	userId: string;
}

/**
 * Reads the body of a 200 for a request for records. It is a success only in one of the shapes that Terra documents:
 * records of this user and type (none or a single one included), a profile, or a message that there is no data.
 *
 * @see https://docs.tryterra.co/reference/health-and-fitness-api
 */
export function recordsReader(asked: RecordsAsked): ReadBody<Records> {
	return (body) => {
		if (!isObject(body) || !isAbout(body, asked)) return otherThanExpected(body);
		if (saysOtherwise(body)) return readNotice(body);
		const user = isObject(body.user) ? body.user : undefined;
		const records = recordsIn(body, asked.type);
		// An empty list may come with a notice.
		if (records && records.length > 0) {
			const value = { user, records, ...(hasOthers(body) && { unreadable: UNREADABLE_RECORD }) };
			return { kind: 'data', value };
		}
		if (isLarge(body) || isProviderLimit(body)) return readNotice(body);
		if (records || isNothing(body)) return { kind: 'data', value: { user, records: [] } };
		return readNotice(body);
	};
}

/** Reads the answer to a request to send records to the webhook: the receipt is returned as the only record. */
export function receiptReader(asked: RecordsAsked): ReadBody<Records> {
	return (body) => {
		if (!isObject(body) || !isAbout(body, asked)) return otherThanExpected(body);
		if (saysOtherwise(body)) return readNotice(body);
		const user = isObject(body.user) ? body.user : undefined;
		if (isLarge(body) || isPromised(body) || asText(body.reference) !== undefined) {
			return { kind: 'data', value: { user, records: [body] } };
		}
		const records = recordsIn(body, asked.type);
		if (!records && !isNothing(body)) return readNotice(body);
		if (isProviderLimit(body)) return readNotice(body);
		return { kind: 'data', value: { user, records: [inlineReceipt(records ?? [])] } };
	};
}

/** Whether an answer is about the requested user and type, as far as it says. */
function isAbout({ user, type }: JsonObject, asked: RecordsAsked): boolean {
	const userId = isObject(user) ? asText(user.user_id) : undefined;
	if (userId !== undefined && userId.toLowerCase() !== asked.userId.toLowerCase()) return false;
	const stated = asText(type)?.toLowerCase();
	return (
		stated === undefined || !(DATA_NAMES as string[]).includes(stated) || stated === asked.type
	);
}

const DATA_NAMES = [...DATA_TYPES, 'athlete'];

/** The receipt if Terra answered directly: nothing will come to the webhook. */
function inlineReceipt(records: JsonObject[]): JsonObject {
	return records.length === 0
		? { status: 'no_data', message: 'Terra has no data for these days' }
		: {
				status: 'not_sent',
				message: `Terra answered with ${records.length} ${records.length === 1 ? 'record' : 'records'} instead of sending them to the webhook: get them with Get Many`,
			};
}

/** @returns undefined for a body without records of this type, or whose list contains no record */
function recordsIn({ data, athlete }: JsonObject, type: string): JsonObject[] | undefined {
	if (Array.isArray(data)) {
		const records = data.filter(isRecord);
		return records.length > 0 || data.length === 0 ? records : undefined;
	}
	if (isObject(data) && isObject(data.metadata)) return [data];
	return type === 'athlete' && isObject(athlete) ? [athlete] : undefined;
}

/** Whether an entry is neither a record nor empty: that must not cost us the others. */
function hasOthers({ data }: JsonObject): boolean {
	return Array.isArray(data) && !data.every((one) => one === null || isObject(one));
}

const UNREADABLE_RECORD = new TerraError(
	"A record in Terra's answer cannot be read",
	'The others were read. Try again later; if it persists, report it to Terra.',
);

/** An object without fields is not a record. */
function isRecord(value: unknown): value is JsonObject {
	return isObject(value) && Object.keys(value).length > 0;
}

function isNothing(body: JsonObject): boolean {
	if (body.data === null && 'user' in body) return true;
	return /\bno (new )?data\b/i.test(wordsIn(body));
}

/** Whether the provider's limit is reached, and Terra will continue by itself. */
function isPromised(body: JsonObject): boolean {
	return isProviderLimit(body) && /\bwill be (retried|sent|queued)\b/i.test(wordsIn(body));
}

function isLarge({ type }: JsonObject): boolean {
	return asText(type)?.toLowerCase().startsWith('large_request') === true;
}

function isProviderLimit(body: JsonObject): boolean {
	const text = `${asText(body.type) ?? ''} ${wordsIn(body)}`;
	return /rate.?limit|limits? requests/i.test(text);
}

/** Interprets a 200 without records. */
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
