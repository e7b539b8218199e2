import { ESSENTIAL_COLUMNS, pick, type RowContext } from '../rows/row';
import { keyColumn, simplify } from '../rows/simplify';
import { recordKey } from '../terra/events';
import { rideSentence, slackBlocks } from '../rows/messages';
import type { Times } from '../terra/times';
import type { Units } from '../ride/units';
import type { JsonObject } from '../terra/json';
import type { Activity, TerraUser } from '../terra/types';

/** What the person chose in the fields of `viewFields`. */
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
	const row = simplify(type, record, user as TerraUser | null, context, view);
	if (type !== 'activity') return { ...row, ...extras };
	return { ...columnsOf({ ...row, ...extras }, view), ...texts(record, user, view) };
}

function columnsOf(row: JsonObject, { columns, selectedColumns }: View): JsonObject {
	if (columns === 'essential') return pick(row as never, ESSENTIAL_COLUMNS);
	if (columns === 'selected') return pick(row as never, selectedColumns);
	return row;
}

function texts(record: JsonObject, user: unknown, { sentence, slack, units }: View): JsonObject {
	const activity = record as unknown as Activity;
	return {
		...(sentence && { sentence: rideSentence(activity, units) }),
		...(slack && { slack: { blocks: slackBlocks(activity, user as TerraUser, units) } }),
	};
}
