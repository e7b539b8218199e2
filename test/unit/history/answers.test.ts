import fc from 'fast-check';
import { readAnswer } from '../../../nodes/Terra/transport/answers';

const user = { user_id: '7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90', provider: 'XERT' };

describe('readAnswer', () => {
	it.each([
		['records', { user, data: [{ metadata: {} }], type: 'activity' }, 'data'],
		['an empty list', { user, data: [], type: null }, 'data'],
		['a profile', { user, athlete: { first_name: 'Ada' } }, 'data'],
		['no list', { user, data: null, type: 'activity' }, 'nothing'],
		['no data in words', { status: 'success', message: 'No data returned', user }, 'nothing'],
		[
			'what the provider has not',
			{ status: 'Data type requested not available from provider', user },
			'nothing',
		],
		[
			'a receipt',
			{ status: 'success', type: 'activity', reference: 'r', trace_id: 'r', user },
			'receipt',
		],
		[
			'an older receipt',
			{ message: 'Data sent to webhook', reference: 'r', status: 'success', user },
			'receipt',
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
			'large',
		],
		[
			'processing',
			{ type: 'processing', status: 'success', message: 'm', user, retry_after_seconds: 30 },
			'processing',
		],
		[
			'processing, older',
			{ type: 'processing', message: 'm', user, retry_after: 30 },
			'processing',
		],
		['processing without a time', { type: 'processing', message: 'm', user }, 'processing'],
		[
			"the provider's limit",
			{
				message: 'Rate limit of the provider was hit; the request will be retried',
				type: 'activity',
				user,
			},
			'providerLimit',
		],
		['an empty object', {}, 'unknown'],
		['a web page', '<html></html>', 'unreadable'],
		['nothing at all', undefined, 'unreadable'],
		['a bare list', [], 'unreadable'],
	])('knows %s', (_, body, kind) => {
		expect(readAnswer(body).kind).toBe(kind);
	});

	it('tells how long to wait, also no time at all', () => {
		expect(readAnswer({ type: 'processing', retry_after_seconds: 30 })).toMatchObject({
			seconds: 30,
		});
		expect(readAnswer({ type: 'processing', retry_after: '7' })).toMatchObject({ seconds: 7 });
		expect(readAnswer({ type: 'processing', retry_after_seconds: 0 })).toMatchObject({
			seconds: 0,
		});
		expect(readAnswer({ type: 'processing', retry_after_seconds: -5 })).toMatchObject({
			seconds: undefined,
		});
	});

	it('takes only records for records', () => {
		expect(readAnswer({ user, data: [null, 1, 'x', [], { a: 1 }] })).toEqual({
			kind: 'data',
			user,
			records: [{ a: 1 }],
		});
	});

	it('reads anything without throwing, and calls only lists and profiles data', () => {
		fc.assert(
			fc.property(fc.anything(), (body) => {
				const answer = readAnswer(body);
				const { data, athlete } = Object(body) as { data?: unknown; athlete?: unknown };
				if (answer.kind === 'data')
					expect(Array.isArray(data) || typeof athlete === 'object').toBe(true);
			}),
		);
	});
});
