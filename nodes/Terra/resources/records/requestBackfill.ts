import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { MAX_DAYS_PER_REQUEST } from '../../history/budget';
import { DATA_TYPES, type DataType } from '../../terra/dataTypes';
import type { DateWindow } from '../../terra/days';
import type { JsonObject } from '../../terra/json';
import { judgeReceipt } from '../../transport/verdict';
import { athleteFields } from '../../fields/athletes';
import { itemByItem, outputOf } from '../../n8n/items';
import { periodFields, readRange } from '../../fields/period';
import { Run } from '../../n8n/run';
import { askAthletes } from '../../history/askAthletes';
import {
	atOnceOption,
	ifDaysMissingOption,
	longestWaitOption,
	readAtOnce,
	readOptions,
	samplesOption,
	timeoutOption,
} from './options';
import { requestWindows } from '../../history/requestWindows';

const show = { resource: [...DATA_TYPES], operation: ['requestBackfill'] };

export const fields: INodeProperties[] = [
	{
		displayName:
			'Terra sends the data to the webhook of your environment, where a <b>Terra Trigger</b> receives it. The reference that this node returns is in each of those items.',
		name: 'backfillNotice',
		type: 'notice',
		default: '',
		displayOptions: { show },
	},
	...athleteFields(show),
	...periodFields(show, {
		description:
			"Which days to send, up to and including today, by the workflow's time zone. Terra counts days in UTC, so that none is missing a day more is asked for at both ends.",
		hint: 'Terra also sends what it has of the day before and the day after',
	}),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show },
		options: [
			atOnceOption,
			ifDaysMissingOption,
			samplesOption,
			longestWaitOption,
			{
				displayName: 'Retry If Rate Limited',
				name: 'retryIfRateLimited',
				type: 'boolean',
				default: false,
				description:
					"Whether Terra should repeat the request by itself when the provider's own limit is reached. It is not in Terra's current API specification, so it may have no effect.",
			},
			timeoutOption,
		],
	},
];

/** Asks Terra to send history to the webhook. One item for each request, with its reference. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const run = new Run(this, readAtOnce.call(this));
	const results = await itemByItem(this, run.atOnce, async (item) => {
		return await requestBackfill.call(this, item, run);
	});
	run.showHints();
	return outputOf(results, (items) => items);
}

async function requestBackfill(
	this: IExecuteFunctions,
	itemIndex: number,
	run: Run,
): Promise<JsonObject[]> {
	const type = this.getNodeParameter('resource', 0) as DataType;
	const range = readRange.call(this, itemIndex);
	const { longestWaitMs, timeoutMs, withSamples, ifDaysMissing } = readOptions.call(
		this,
		itemIndex,
	);
	const retry = this.getNodeParameter('options.retryIfRateLimited', itemIndex, false) as boolean;
	const patience = run.patience(longestWaitMs);
	const receipts: JsonObject[] = [];

	const missing = await askAthletes.call(this, {
		run,
		itemIndex,
		patience,
		dataType: type,
		ifDaysMissing,
		fetch: async (athlete) =>
			await requestWindows.call(this, {
				run,
				type,
				userId: athlete.user_id,
				range,
				order: 'oldest',
				daysPerRequest: MAX_DAYS_PER_REQUEST,
				patience,
				timeoutMs,
				query: {
					to_webhook: true,
					with_samples: withSamples,
					...(retry && { retry_if_rate_limited: true }),
				},
				judge: judgeReceipt,
				take: ({ user = athlete, records }, window) => {
					receipts.push(...records.map((receipt) => toItem(type, user, receipt, window)));
					return false;
				},
			}),
	});
	return [...receipts, ...missing];
}

function toItem(
	type: DataType,
	user: JsonObject,
	{ reference, status, message }: JsonObject,
	window: DateWindow,
): JsonObject {
	return {
		type: 'backfill',
		data_type: type,
		reference: reference ?? null,
		status: status ?? null,
		message: message ?? null,
		user,
		...window,
	};
}
