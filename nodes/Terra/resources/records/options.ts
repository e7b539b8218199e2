import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { MAX_DAYS_PER_REQUEST } from '../../history/budget';
import type { Order } from '../../terra/days';
import { DEFAULT_TIMEOUT_SECONDS } from '../../transport/client';
import { wholeNumber } from '../../fields/inputs';

/** Longer than the hour in which Terra's budget of days renews itself. */
const LONGEST_WAIT_MINUTES = 65;

const AT_ONCE = 4;

/** Of one athlete. Answers with samples are large, so they come one after the other. */
const REQUESTS_AT_ONCE = 4;

const REQUESTS_AT_ONCE_WITH_SAMPLES = 1;

export const DAYS_PER_REQUEST = 28;

export const DAYS_PER_REQUEST_WITH_SAMPLES = 7;

export const atOnceOption: INodeProperties = {
	displayName: 'Athletes at Once',
	name: 'athletesAtOnce',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: AT_ONCE,
	description: 'How many athletes to ask for side by side',
};

export const ifDaysMissingOption: INodeProperties = {
	displayName: 'If Days Are Missing',
	name: 'ifDaysMissing',
	type: 'options',
	options: [
		{
			name: 'Fail',
			value: 'fail',
			description: 'Stop with an error that tells which days are missing',
		},
		{
			name: 'Return What There Is',
			value: 'return',
			description: 'Add an item of the type "missing" that tells which days and why',
		},
	],
	default: 'return',
	description: 'What to do when Terra does not hand out some of the days, even when asked again',
};

export const longestWaitOption: INodeProperties = {
	displayName: 'Longest Wait (Minutes)',
	name: 'longestWait',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: LONGEST_WAIT_MINUTES,
	description:
		'How long to wait for one request when Terra asks to come back later. After more than 6,000 days for one athlete that is up to an hour.',
};

export const samplesOption: INodeProperties = {
	displayName: 'Include Samples',
	name: 'withSamples',
	type: 'boolean',
	default: false,
	description:
		'Whether to get every measured second too, where the provider has it. A three-hour ride is then several megabytes.',
};

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: DEFAULT_TIMEOUT_SECONDS,
	description: 'How long to wait for the answer to a request',
};

export const getManyOptions: INodeProperties[] = [
	atOnceOption,
	{
		displayName: 'Days per Request',
		name: 'daysPerRequest',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_DAYS_PER_REQUEST },
		default: DAYS_PER_REQUEST,
		description:
			'How many days to ask for at once. Without this option: 28, or 7 with samples. What turns out too large is halved by itself.',
	},
	ifDaysMissingOption,
	{
		...samplesOption,
		description: `${samplesOption.description} Rows never hold samples: switch Simplify off to see them.`,
	},
	longestWaitOption,
	{
		displayName: 'Only Items Not Seen Before',
		name: 'onlyNew',
		type: 'boolean',
		default: false,
		description:
			'Whether to leave out what this node has returned in an earlier execution, test runs included. A newer version of a record counts as seen. To begin anew, run this node once with the operation Reset Seen Items.',
	},
	{
		displayName: 'Order',
		name: 'order',
		type: 'options',
		options: [
			{ name: 'Newest First', value: 'newest' },
			{ name: 'Oldest First', value: 'oldest' },
		],
		default: 'newest',
		description: 'By start time. With a limit it also decides which ones to get.',
	},
	{
		displayName: 'Requests at Once',
		name: 'requestsAtOnce',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10 },
		default: REQUESTS_AT_ONCE,
		description:
			'How many requests of one athlete may be under way at most, when all results are wanted. It begins with one, and goes back to one when Terra or the provider asks to wait. Without this option: 4, or 1 with samples.',
	},
	timeoutOption,
];

export interface Options {
	daysPerRequest: number;
	ifDaysMissing: 'return' | 'fail';
	longestWaitMs: number;
	onlyNew: boolean;
	order: Order;
	requestsAtOnce: number;
	timeoutMs: number;
	withSamples: boolean;
}

export function readOptions(this: IExecuteFunctions, itemIndex: number): Options {
	const options = this.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const withSamples = options.withSamples === true;
	const [daysPerRequest, requestsAtOnce] = withSamples
		? [DAYS_PER_REQUEST_WITH_SAMPLES, REQUESTS_AT_ONCE_WITH_SAMPLES]
		: [DAYS_PER_REQUEST, REQUESTS_AT_ONCE];
	const number = (value: unknown, field: string, min: number, max?: number) =>
		wholeNumber.call(this, value, { field, min, max }, itemIndex);
	return {
		daysPerRequest: number(
			options.daysPerRequest ?? daysPerRequest,
			'Days per Request',
			1,
			MAX_DAYS_PER_REQUEST,
		),
		ifDaysMissing: options.ifDaysMissing === 'fail' ? 'fail' : 'return',
		longestWaitMs:
			number(options.longestWait ?? LONGEST_WAIT_MINUTES, 'Longest Wait (Minutes)', 0) * 60_000,
		onlyNew: options.onlyNew === true,
		order: options.order === 'oldest' ? 'oldest' : 'newest',
		requestsAtOnce: number(options.requestsAtOnce ?? requestsAtOnce, 'Requests at Once', 1, 10),
		timeoutMs: number(options.timeout ?? DEFAULT_TIMEOUT_SECONDS, 'Timeout (Seconds)', 1) * 1000,
		withSamples,
	};
}

/** One number for the whole execution, since the items share the turns. */
export function readAtOnce(this: IExecuteFunctions): number {
	const atOnce = this.getNodeParameter('options.athletesAtOnce', 0, AT_ONCE);
	return wholeNumber.call(this, atOnce, { field: 'Athletes at Once', min: 1, max: 20 }, 0);
}
