import {
	NodeOperationError,
	tryToParseDateTime,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { dateWindows, isWithin, type Day } from '../../terra/days';
import { recordKey } from '../../output/simplify';
import { asObject, isObject, type JsonObject } from '../../terra/json';
import { terraRequest } from '../../transport/request';

const displayOptions = { show: { resource: ['activity'], operation: ['getAll'] } };

export const fields: INodeProperties[] = [
	{
		displayName: 'User ID',
		name: 'userId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90',
		description:
			"Terra's ID of the athlete's connection: in the items of the Terra Trigger, and in Terra's dashboard under Users",
		displayOptions,
	},
	{
		displayName: 'From',
		name: 'from',
		type: 'dateTime',
		required: true,
		default: '',
		description: 'First day to include',
		displayOptions,
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'dateTime',
		default: '',
		description: 'Last day to include. Leave empty for today.',
		hint: "Days are the athlete's own: the date on which the activity started where it took place",
		displayOptions,
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
		displayOptions,
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { ...displayOptions.show, returnAll: [false] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions,
		options: [
			{
				displayName: 'Include Samples',
				name: 'withSamples',
				type: 'boolean',
				default: false,
				description:
					'Whether to get every measured second too, where the provider has it. A three-hour ride is then several megabytes.',
			},
		],
	},
];

/** @returns the athlete's activities in time order, each once */
export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<JsonObject[]> {
	const userId = (this.getNodeParameter('userId', itemIndex) as string).trim();
	if (userId === '') {
		throw new NodeOperationError(this.getNode(), "'User ID' is empty", {
			itemIndex,
			description: 'If it comes from an expression, the item before has no such field.',
		});
	}
	const today = dayOf.call(this, new Date(), 'To', itemIndex);
	const from = dayOf.call(this, this.getNodeParameter('from', itemIndex), 'From', itemIndex);
	const toValue = this.getNodeParameter('to', itemIndex, '');
	const to = isNothing(toValue) ? today : dayOf.call(this, toValue, 'To', itemIndex);
	if (from > to) {
		throw new NodeOperationError(this.getNode(), "'From' is after 'To'", {
			itemIndex,
			description: `The range would begin on ${from} and end on ${to}. Swap the two.`,
		});
	}

	const returnAll = this.getNodeParameter('returnAll', itemIndex) as boolean;
	const limit = returnAll ? Infinity : (this.getNodeParameter('limit', itemIndex) as number);
	const withSamples = this.getNodeParameter('options.withSamples', itemIndex, false) as boolean;

	// A ride that crosses a window's border comes in both windows.
	const found = new Map<unknown, JsonObject>();
	for (const window of dateWindows(from, to, withSamples ? 7 : 28)) {
		const answer = await terraRequest.call(this, {
			path: '/activity',
			query: { user_id: userId, ...window, to_webhook: false, with_samples: withSamples },
		});
		const { user, data } = readActivities.call(this, answer, itemIndex);
		for (const activity of data) {
			if (!isWithin(asObject(activity.metadata).start_time, from, to)) continue;
			const key = recordKey('activity', activity, user);
			found.set(key ?? Symbol('no key'), {
				type: 'activity',
				activity_key: key ?? null,
				user,
				data: activity,
			});
			if (found.size >= limit) return [...found.values()];
		}
	}
	return [...found.values()];
}

/** Terra's 200 is not always data: it can be a receipt, or a request to wait. */
function readActivities(this: IExecuteFunctions, answer: unknown, itemIndex: number) {
	const { user, data, message } = asObject(answer);
	if (Array.isArray(data)) return { user, data: data.filter(isObject) };
	throw new NodeOperationError(this.getNode(), 'Terra sent no activities yet', {
		itemIndex,
		description: `Try again in a few minutes.${typeof message === 'string' ? ` Terra says: ${message}` : ''}`,
	});
}

/** @returns the calendar day that a date means in the workflow's time zone */
function dayOf(this: IExecuteFunctions, value: unknown, field: string, itemIndex: number): Day {
	if (isNothing(value)) {
		throw new NodeOperationError(this.getNode(), `'${field}' is empty`, {
			itemIndex,
			description:
				'Choose a day. If it comes from an expression, the expression yields nothing here.',
		});
	}
	try {
		const zone = this.getTimezone();
		return tryToParseDateTime(value as IDataObject, zone)
			.setZone(zone)
			.toFormat('yyyy-MM-dd');
	} catch {
		throw new NodeOperationError(this.getNode(), `'${field}' is not a date`, {
			itemIndex,
			description: `Choose a day, or enter one as 2026-01-31. It is now: ${String(value).slice(0, 60)}`,
		});
	}
}

function isNothing(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}
