import type { Activity, TerraUser } from '../terra/types';
import { cell, idCell, type Row } from '../text/cells';
import { toRow } from './columns';
import { at, fields } from '../terra/read';
import { recordKey } from '../terra/events';
import { activityRow, type RowContext, type RowOptions } from './row';
import { SHAPES } from './recordColumns';

/**
 * One flat row for a record of any of Terra's data types. Activities get `activityRow`; athlete, body, daily,
 * menstruation, nutrition and sleep a shape of their own; any other type its scalar fields.
 * The first column is always the record's key over all users, `<type>_key` (`record_key` for other types).
 * Takes whatever Terra sends and never throws.
 */
export function simplify(
	type: string,
	record: unknown,
	user: TerraUser | null | undefined,
	context: RowContext = {},
	options: RowOptions = {},
): Row {
	if (type === 'activity') return activityRow(record as Activity, user, context, options);
	const shape = shapeOf(type);
	const key = recordKey(type, record, user);
	const head: Row = {
		[keyColumn(type)]: cell(key),
		status: context.status ?? null,
		user_id: idCell(at(user, 'user_id')),
		reference_id: idCell(at(user, 'reference_id')),
		provider: idCell(at(user, 'provider')),
	};
	if (!shape)
		return { ...head, data_type: cell(type), ...without(scalars(record), Object.keys(head)) };
	const source = { record, times: options.times ?? 'sent' };
	return { ...head, ...toRow(shape, source, options.units ?? 'terra') };
}

/** The name of the first column of a type: `activity_key`, `sleep_key`, … */
export function keyColumn(type: string): string {
	return type === 'activity' || shapeOf(type) ? `${type}_key` : 'record_key';
}

function shapeOf(type: string) {
	return Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
}

const DEPTH = 3;
const MOST_COLUMNS = 100;

/** Every scalar down to the third level under its own name, with its parents' names in front where it is taken. */
export function scalars(record: unknown): Row {
	const found: Array<[string[], unknown]> = [];
	const visit = (value: unknown, path: string[]): void => {
		for (const [name, child] of Object.entries(fields(value))) {
			if (Array.isArray(child) || found.length >= MOST_COLUMNS) continue;
			if (typeof child !== 'object' || child === null) found.push([[...path, name], child]);
			else if (path.length + 1 < DEPTH) visit(child, [...path, name]);
		}
	};
	if (!Array.isArray(record)) visit(record, []);
	const row = new Map<string, unknown>();
	for (const [path, value] of found) {
		const name = path.at(-1)!;
		row.set(row.has(name) ? path.join('_') : name, value);
	}
	return Object.fromEntries([...row].map(([name, value]) => [name, cell(value)]));
}

function without(row: Row, names: readonly string[]): Row {
	return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
