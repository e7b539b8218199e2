import { rideOf, type Ride } from '../ride/ride';
import type { Units } from '../ride/units';
import { rideSentence, slackBlocks } from '../rows/messages';
import { keyColumn, recordRow } from '../rows/recordRow';
import { ESSENTIAL_COLUMNS, pick, rideRow, type RowContext } from '../rows/rideRow';
import { recordKey } from '../terra/events';
import type { JsonObject } from '../terra/json';
import type { Times } from '../terra/times';

/** How records become items: what the person chose in the fields of `viewFields`. */
export interface View {
	simplify: boolean;
	columns: 'essential' | 'full' | 'selected';
	selectedColumns: string[];
	/** Whether to add the ride in one sentence. */
	sentence: boolean;
	/** Whether to add Slack blocks. */
	slack: boolean;
	times: Times;
	units: Units;
}

/** The row that goes along where something else is the point. */
export const ESSENTIAL_VIEW: View = {
	simplify: true,
	columns: 'essential',
	selectedColumns: [],
	sentence: false,
	slack: false,
	times: 'sent',
	units: 'terra',
};

/**
 * One record as an item: a flat row, or what Terra sent with the record's user beside it.
 *
 * @param extras further columns, left out of the essential ones
 */
export function present(
	type: string,
	record: JsonObject,
	user: unknown,
	view: View,
	context: RowContext = {},
	extras: JsonObject = {},
): JsonObject {
	if (!view.simplify) {
		return {
			type,
			[keyColumn(type)]: recordKey(type, record, user),
			...(context.status && { status: context.status }),
			user,
			data: record,
			...extras,
		};
	}
	if (type !== 'activity') return { ...recordRow(type, record, user, context, view), ...extras };

	const ride = rideOf(record, user);
	const row = { ...rideRow(ride, context, view), ...extras };
	return { ...columnsOf(row, view), ...messages(ride, view) };
}

function columnsOf(row: JsonObject, { columns, selectedColumns }: View): JsonObject {
	if (columns === 'essential') return pick(row as never, ESSENTIAL_COLUMNS);
	if (columns === 'selected') return pick(row as never, selectedColumns);
	return row;
}

function messages(ride: Ride, { sentence, slack, units }: View): JsonObject {
	return {
		...(sentence && { sentence: rideSentence(ride, units) }),
		...(slack && { slack: { blocks: slackBlocks(ride, units) } }),
	};
}
