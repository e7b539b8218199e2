import { choiceOf, EVENTS, type RecordType } from '../terra/events';
import { at, fields } from '../terra/json';
import { recordKey } from '../terra/keys';
import { timesOf } from '../terra/recordTimes';
import { cell, type Row } from '../text/cells';
import { toRow, type ColumnInfo } from './columns';
import { RECORD_COLUMNS, type RecordColumn } from './recordColumns';
import type { RowContext, RowOptions } from './rideRow';

/**
 * One flat row for a record of any type other than activity: the columns of its type, or its scalar fields if the type has
 * none. The first column is always the record's key across all users, `<type>_key` (`record_key` for other types).
 * Takes whatever Terra sends and never throws.
 */
export function recordRow(
	type: string,
	record: unknown,
	user: unknown,
	{ status = null }: RowContext = {},
	{ units = 'terra', times = 'sent', timezone = 'UTC' }: RowOptions = {},
): Row {
	const columns = columnsOf(type);
	const head: Row = {
		[keyColumn(type)]: cell(recordKey(type, record, user)),
		status,
		user_id: cell(at(user, 'user_id')),
		reference_id: cell(at(user, 'reference_id')),
		provider: cell(at(user, 'provider')),
	};
	return columns
		? {
				...head,
				...toRow(columns, { record, times, recordTimes: timesOf(type, record, timezone) }, units),
			}
		: { ...head, data_type: cell(type), ...without(scalarRow(record), Object.keys(head)) };
}

/** All columns of a type's rows in order; for a type without its own columns, those that every row has. */
export function columnsOfRecords(type: string): ColumnInfo[] {
	return [
		{ name: keyColumn(type), description: 'The same for a record and all its updates' },
		{ name: 'status', description: '"new" or "updated"; empty in history' },
		{ name: 'user_id', description: "Terra's ID of the connection" },
		{ name: 'reference_id', description: 'Your own ID for the athlete, given when connecting' },
		{ name: 'provider', description: 'Where the record comes from, such as GARMIN' },
		...(columnsOf(type) ?? []),
	];
}

/** The name of the first column of a type: `activity_key`, `sleep_key`, … */
export function keyColumn(type: string): string {
	return type === 'activity' || columnsOf(type) ? `${choiceOf(type)}_key` : 'record_key';
}

function columnsOf(type: string): readonly RecordColumn[] | null {
	const choice = choiceOf(type);
	const isOwn = Object.hasOwn(EVENTS, choice) && Object.hasOwn(RECORD_COLUMNS, choice);
	return isOwn ? RECORD_COLUMNS[choice as Exclude<RecordType, 'activity'>] : null;
}

const DEPTH = 3;
const MAX_COLUMNS = 100;

/** How many of the fields that do not fit into a row to name. */
const MAX_NAMED = 20;

/**
 * Every scalar down to the third level under its own name, prefixed with its parents' names if that is taken. What does
 * not fit into a row is named in `not_in_row`; Simplify off shows it.
 */
export function scalarRow(record: unknown): Row {
	const found: Array<[string[], unknown]> = [];
	const leftOut: string[] = [];
	const visit = (value: unknown, path: string[]): void => {
		for (const [name, child] of Object.entries(fields(value))) {
			const own = [...path, name];
			const isScalar = typeof child !== 'object' || child === null;
			if (isScalar && found.length < MAX_COLUMNS) found.push([own, child]);
			else if (!isScalar && !Array.isArray(child) && own.length < DEPTH) visit(child, own);
			else if (!isEmptyPart(child)) leftOut.push(own.join('.'));
		}
	};
	if (!Array.isArray(record)) visit(record, []);
	const row = new Map<string, unknown>();
	for (const [path, value] of found) {
		const name = path.at(-1)!;
		row.set(row.has(name) ? path.join('_') : name, value);
	}
	const cells = [...row].map(([name, value]) => [name, cell(value)] as const);
	const text = leftOut.slice(0, MAX_NAMED).join(', ') + (leftOut.length > MAX_NAMED ? ', …' : '');
	return { ...Object.fromEntries(cells), ...(text && { not_in_row: cell(text) }) };
}

function isEmptyPart(value: unknown): boolean {
	return Array.isArray(value) ? value.length === 0 : Object.keys(fields(value)).length === 0;
}

function without(row: Row, names: readonly string[]): Row {
	return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
