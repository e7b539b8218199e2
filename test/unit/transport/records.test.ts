import fc from 'fast-check';
import { receiptReader, recordsReader } from '../../../nodes/Terra/transport/records';

const user = { user_id: '7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90', provider: 'XERT' };

const asked = { type: 'activity', userId: user.user_id };
const readRecords = recordsReader(asked);
const readReceipt = receiptReader(asked);

function summaryOf(answer: ReturnType<typeof readRecords>): string {
	if (answer.kind !== 'data') return `${answer.kind}: ${answer.error.message}`;
	return `${answer.value.records.length} records`;
}

describe('readRecords', () => {
	it.each([
		['records', { user, data: [{ metadata: {} }], type: 'activity' }, '1 records'],
		['a single record', { user, data: { metadata: {} } }, '1 records'],
		['an empty list', { user, data: [], type: null }, '0 records'],
		[
			'a profile where rides were asked for',
			{ user, athlete: { first_name: 'Ada' } },
			"unavailable: Terra's answer does not match the request",
		],
		[
			'records of another type',
			{ user, type: 'daily', data: [{ metadata: {} }] },
			"unavailable: Terra's answer does not match the request",
		],
		[
			'records of somebody else',
			{ user: { user_id: 'other' }, data: [{ metadata: {} }] },
			"unavailable: Terra's answer does not match the request",
		],
		[
			'an error with an empty list',
			{ status: 'error', message: 'provider down', user, data: [] },
			"unavailable: Terra's answer does not match the request",
		],
		[
			'a delay with an empty list',
			{ type: 'processing', retry_after_seconds: 30, data: [] },
			'later: Terra is still collecting this data',
		],
		[
			'a delay with words of no data',
			{ type: 'processing', message: 'No data yet' },
			'later: Terra is still collecting this data',
		],
		[
			'a limit with an empty list',
			{ status: 'warning', message: 'Provider rate limit reached', user, data: null },
			"unavailable: The provider's own rate limit is reached",
		],
		[
			'a list that is too large, empty for now',
			{ type: 'large_request_processing', reference: 'r', data: [] },
			'tooLarge: Terra sends this data to the webhook, since it is too large for an answer',
		],
		['no list', { user, data: null, type: 'activity' }, '0 records'],
		['no data in words', { status: 'success', message: 'No data returned', user }, '0 records'],
		[
			'an error in words',
			{ status: 'error', message: 'Data not available at this time' },
			"unavailable: Terra's answer does not match the request",
		],
		[
			'an error that speaks of no data',
			{ status: 'error', message: 'no data source' },
			"unavailable: Terra's answer does not match the request",
		],
		[
			'data that is no record',
			{ user, data: {} },
			"unavailable: Terra's answer does not match the request",
		],
		[
			'what the provider has not',
			{ status: 'Data type requested not available from provider', user },
			'refused: This connection does not have this type of data',
		],
		[
			'a receipt',
			{ status: 'success', type: 'activity', reference: 'r', trace_id: 'r', user },
			'unavailable: Terra sends this data to the webhook instead of answering with it',
		],
		[
			'an older receipt',
			{ message: 'Data sent to webhook', reference: 'r', status: 'success', user },
			'unavailable: Terra sends this data to the webhook instead of answering with it',
		],
		[
			'a large request',
			{
				type: 'large_request_processing',
				status: 'processing',
				message: 'm',
				user,
				reference: 'r',
			},
			'tooLarge: Terra sends this data to the webhook, since it is too large for an answer',
		],
		[
			'processing',
			{ type: 'processing', status: 'success', message: 'm', user, retry_after_seconds: 30 },
			'later: Terra is still collecting this data',
		],
		[
			'processing, older',
			{ type: 'processing', message: 'm', user, retry_after: 30 },
			'later: Terra is still collecting this data',
		],
		[
			'processing without a time',
			{ type: 'processing', message: 'm', user },
			'later: Terra is still collecting this data',
		],
		[
			"the provider's limit",
			{
				message: 'Rate limit of the provider was hit; the request will be retried',
				type: 'activity',
				user,
			},
			"unavailable: The provider's own rate limit is reached",
		],
		['an empty object', {}, "unavailable: Terra's answer does not match the request"],
		['a web page', '<html></html>', "later: Terra's answer cannot be read"],
		['nothing at all', undefined, "later: Terra's answer cannot be read"],
		['a bare list', [], "later: Terra's answer cannot be read"],
	])('recognises %s', (_, body, kind) => {
		expect(summaryOf(readRecords(body))).toBe(kind);
	});

	it('returns how long to wait, which may be no time', () => {
		const waitFor = (body: object) => readRecords({ type: 'processing', ...body });
		expect(waitFor({ retry_after_seconds: 30 })).toMatchObject({ waitMs: 30_000 });
		expect(waitFor({ retry_after: '7' })).toMatchObject({ waitMs: 7_000 });
		expect(waitFor({ retry_after_seconds: 0 })).toMatchObject({ waitMs: 0 });
		expect(waitFor({ retry_after_seconds: -5 })).toMatchObject({ waitMs: undefined });
	});

	it.each([{ retry_after: '' }, { retry_after_seconds: ' ' }, { retry_after: false }])(
		'does not take %j beside data as a request to wait',
		(field) => {
			const body = { user, type: 'activity', data: [{ a: 1 }], ...field };
			expect(readRecords(body)).toEqual({ kind: 'data', value: { user, records: [{ a: 1 }] } });
		},
	);

	it('uses whichever waiting time is not empty', () => {
		const body = { type: 'processing', retry_after_seconds: '', retry_after: 9 };
		expect(readRecords(body)).toMatchObject({ waitMs: 9_000 });
	});

	it('accepts only objects with content as records', () => {
		expect(readRecords({ user, data: [null, {}, { a: 1 }] })).toEqual({
			kind: 'data',
			value: { user, records: [{ a: 1 }] },
		});
		for (const data of [[null], [{}], ['x'], [[{ a: 1 }]]]) {
			expect(readRecords({ user, data }).kind).toBe('unavailable');
		}
		for (const other of [5, 'x', [{ a: 1 }]]) {
			const unreadable = expect.objectContaining({
				message: expect.stringMatching(/cannot be read/),
			});
			expect(readRecords({ user, data: [other, { a: 1 }] })).toEqual({
				kind: 'data',
				value: { user, records: [{ a: 1 }], unreadable },
			});
		}
		const athlete = { first_name: 'Ada' };
		expect(recordsReader({ ...asked, type: 'athlete' })({ user, athlete })).toEqual({
			kind: 'data',
			value: { user, records: [athlete] },
		});
	});

	it('never throws, and returns records only from lists and profiles', () => {
		fc.assert(
			fc.property(fc.anything(), (body) => {
				const answer = readRecords(body);
				const { data, athlete } = Object(body) as { data?: unknown; athlete?: unknown };
				if (answer.kind === 'data' && answer.value.records.length > 0)
					expect([data, athlete].some((part) => typeof part === 'object')).toBe(true);
			}),
		);
	});
});

describe('readReceipt', () => {
	it.each([
		{ reference: 'r', status: 'success' },
		{ type: 'large_request_processing', reference: 'r' },
		{ message: 'Rate limit of the provider was hit; the request will be retried' },
	])('accepts %j as a receipt', (body) => {
		expect(readReceipt(body)).toEqual({
			kind: 'data',
			value: { user: undefined, records: [body] },
		});
	});

	it.each([
		[{ data: [] }, { status: 'no_data' }],
		[{ message: 'No data returned', status: 'success' }, { status: 'no_data' }],
		[{ data: [{ metadata: {} }] }, { status: 'not_sent', message: /1 record instead/ }],
	])('makes a receipt for data that was not sent: %j', (body, { status }) => {
		expect(readReceipt(body)).toMatchObject({ kind: 'data', value: { records: [{ status }] } });
	});

	it.each([
		{ status: 'error', message: 'Rate limit reached, request was not queued' },
		{ status: 'error', reference: 'r' },
		{ status: 'error', data: [] },
		{ message: 'provider rate limit' },
		{ status: 'success', reference: 'r', user: { user_id: 'other' } },
		{ status: 'success', reference: 'r', type: 'daily' },
		{ success: false, reference: 'r' },
	])('rejects %j', (body) => {
		expect(readReceipt(body).kind).toBe('unavailable');
	});

	it('waits while the data is being collected', () => {
		expect(readReceipt({ type: 'processing', reference: 'r' }).kind).toBe('later');
	});
});
