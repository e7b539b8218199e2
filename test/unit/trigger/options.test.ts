import type { IWebhookFunctions } from 'n8n-workflow';
import { filtersOf, splitList } from '../../../nodes/Terra/trigger/options';

describe('a list that a person typed', () => {
	test.each([
		['a, b\nc  d', ['a', 'b', 'c', 'd']],
		['', []],
		[undefined, []],
		[null, []],
		[' , ', []],
		// What expressions may yield.
		[
			['1.2.3.4', ' 5.6.7.8 '],
			['1.2.3.4', '5.6.7.8'],
		],
		[42, ['42']],
		[{}, ['[object', 'Object]']],
	])('%j', (typed, list) => expect(splitList(typed)).toEqual(list));
});

test('user IDs may be in capitals, reference IDs may have spaces', () => {
	const fields: Record<string, unknown> = {
		provider: 'xert',
		events: ['activity'],
		filters: { userIds: 'USER-1 user-2', referenceIds: 'John Smith, rider-1\n 7' },
	};
	const context = { getNodeParameter: (name: string) => fields[name] };
	expect(filtersOf.call(context as unknown as IWebhookFunctions)).toMatchObject({
		providers: ['XERT'],
		userIds: ['user-1', 'user-2'],
		referenceIds: ['John Smith', 'rider-1', '7'],
	});
});
