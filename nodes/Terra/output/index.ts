import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { ESSENTIAL_COLUMNS, pick, type RowContext } from '../rows/row';
import { keyColumn, simplify } from '../rows/simplify';
import { recordKey } from '../terra/identity';
import { rideSentence, slackBlocks } from '../rows/messages';
import type { Times } from '../terra/times';
import type { Units } from '../ride/units';
import type { JsonObject } from '../terra/json';
import type { Activity, TerraUser } from '../terra/types';

/** What the person chose in the fields of `shapeFields`. */
export interface Shape {
	simplify: boolean;
	columns: 'essential' | 'full' | 'selected';
	selectedColumns: string[];
	format: { sentence?: boolean; slack?: boolean; times?: Times; units?: Units };
}

/** The row that goes along where something else is the point. */
export const ESSENTIAL_ROW: Shape = {
	simplify: true,
	columns: 'essential',
	selectedColumns: [],
	format: {},
};

/** @param itemIndex undefined in a trigger */
export function readShape(
	context: IExecuteFunctions | IWebhookFunctions,
	itemIndex?: number,
): Shape {
	const read = <T>(name: string, fallback: T) =>
		(itemIndex === undefined
			? (context as IWebhookFunctions).getNodeParameter(name, fallback)
			: (context as IExecuteFunctions).getNodeParameter(name, itemIndex, fallback)) as T;
	return {
		simplify: read('simplify', true),
		columns: read<Shape['columns']>('columns', 'essential'),
		selectedColumns: read<string[]>('selectedColumns', []),
		format: read<Shape['format']>('format', {}),
	};
}

/**
 * One record as an item: a flat row, or what Terra sent with the record's user beside it.
 *
 * @param extras further columns, left out of the essential ones
 */
export function shapeRecord(
	type: string,
	record: JsonObject,
	user: unknown,
	shape: Shape,
	context: RowContext = {},
	extras: JsonObject = {},
): JsonObject {
	if (!shape.simplify) {
		return {
			type,
			[keyColumn(type)]: recordKey(type, record, user),
			...(context.status && { status: context.status }),
			user,
			data: record,
			...extras,
		};
	}
	const row = simplify(type, record, user as TerraUser | null, context, shape.format);
	if (type !== 'activity') return { ...row, ...extras };
	return { ...columnsOf({ ...row, ...extras }, shape), ...texts(record, user, shape) };
}

function columnsOf(row: JsonObject, { columns, selectedColumns }: Shape): JsonObject {
	if (columns === 'essential') return pick(row as never, ESSENTIAL_COLUMNS);
	if (columns === 'selected') return pick(row as never, selectedColumns);
	return row;
}

function texts(record: JsonObject, user: unknown, { format }: Shape): JsonObject {
	const activity = record as unknown as Activity;
	const units = format.units ?? 'metric';
	return {
		...(format.sentence && { sentence: rideSentence(activity, units) }),
		...(format.slack && { slack: { blocks: slackBlocks(activity, user as TerraUser, units) } }),
	};
}
