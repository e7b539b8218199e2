import type { INodeProperties } from 'n8n-workflow';
import type { Order } from '../terra/days';
import { isObject } from '../terra/json';
import { readBoolean, readChoice, readWholeNumber, type Parameters } from './values';

/** Longer than the hour after which Terra's budget of days is full again. */
const LONGEST_WAIT_MINUTES = 65;

export const ifDaysMissingOption: INodeProperties = {
	displayName: 'If Days Are Missing',
	name: 'ifDaysMissing',
	type: 'options',
	options: [
		{
			name: 'Fail',
			value: 'fail',
			description: 'Return nothing, with an error that says which days are missing',
		},
		{
			name: 'Return What There Is',
			value: 'return',
			description:
				'Return the rest, with the missing days named above the output and, with On Error, in an error item',
		},
	],
	default: 'return',
	description:
		'What to do when Terra does not return some of the days, even after retries. Athletes who have disconnected never count as missing.',
};

export const includeDeletedOption: INodeProperties = {
	displayName: 'Include Deleted',
	name: 'includeDeleted',
	type: 'boolean',
	default: false,
	description:
		'Whether to also return activities that were deleted or are not confirmed yet: the column "status" says so. Totals never include them.',
};

export const longestWaitOption: INodeProperties = {
	displayName: 'Longest Wait (Minutes)',
	name: 'longestWait',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: LONGEST_WAIT_MINUTES,
	description:
		'How long to wait for one request when Terra says to try again later. After more than 6,000 days for one athlete that is up to an hour.',
};

export const samplesOption: INodeProperties = {
	displayName: 'Include Samples',
	name: 'withSamples',
	type: 'boolean',
	default: false,
	description:
		'Whether to include every recorded second, where the provider has it. A three-hour ride is then several megabytes.',
};

export const orderOption: INodeProperties = {
	displayName: 'Order',
	name: 'order',
	type: 'options',
	options: [
		{ name: 'Newest First', value: 'newest' },
		{ name: 'Oldest First', value: 'oldest' },
	],
	default: 'newest',
	description: 'By start time. With a limit it also decides which ones to get.',
};

export interface HistoryOptions {
	ifDaysMissing: 'return' | 'fail';
	longestWaitMs: number;
	order: Order;
	includeDeleted: boolean;
	withSamples: boolean;
}

/** The values of "Options". @throws UserError naming the field */
export function readHistoryOptions(parameters: Parameters): HistoryOptions {
	const options = isObject(parameters.options) ? parameters.options : {};
	const minutes = readWholeNumber(options.longestWait ?? LONGEST_WAIT_MINUTES, {
		field: 'Longest Wait (Minutes)',
		min: 0,
	});
	return {
		ifDaysMissing: readChoice(
			options.ifDaysMissing,
			'If Days Are Missing',
			['return', 'fail'],
			'return',
		),
		longestWaitMs: minutes * 60_000,
		order: readChoice(options.order, 'Order', ['newest', 'oldest'], 'newest'),
		includeDeleted: readBoolean(options.includeDeleted, 'Include Deleted', false),
		withSamples: readBoolean(options.withSamples, 'Include Samples', false),
	};
}
