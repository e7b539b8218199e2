import type { Ride } from '../ride/ride';
import type { Row } from '../text/cells';
import type { Times } from '../terra/times';
import { unitOf, type Units } from '../ride/units';
import { columnName, toRow, type ColumnInfo } from './columns';
import { RIDE_COLUMNS } from './rideColumns';

export interface RowContext {
	/** Whether the record was seen before; null if unknown (history). */
	status?: 'new' | 'updated' | 'outdated' | null;
}

export interface RowOptions {
	units?: Units;
	/** How `start_time` and `end_time` are written. */
	times?: Times;
	/** Of the workflow, for records whose times are in UTC. */
	timezone?: string;
}

/** Names, units and meaning of the columns that `rideRow` returns in these units, in order. */
export function columnsIn(units: Units): readonly ColumnInfo[] {
	return RIDE_COLUMNS.map((column) => ({
		name: columnName(column, units),
		description: column.description,
		unit: column.quantity ? unitOf(column.quantity, units).symbol : column.unit,
		...(column.type && { type: column.type }),
	}));
}

/** All columns, under the names that they have in Terra's own units. */
export const FULL_COLUMNS: readonly ColumnInfo[] = columnsIn('terra');

const ESSENTIAL = [
	'reference_id',
	'local_date',
	'name',
	'duration',
	'moving_seconds',
	'distance_meters',
	'gain_actual_meters',
	'avg_watts',
	'tss',
	'activity_key',
];

/**
 * The ten columns that a person wants to see first, with those for programs at the end. Ten is what n8n advises as the
 * most for a simplified output.
 */
export const ESSENTIAL_COLUMNS: readonly ColumnInfo[] = ESSENTIAL.map((wanted) =>
	FULL_COLUMNS.find(({ name }) => name === wanted)!,
);

/** The essential columns where the status is known: a deleted ride must not look like any other. */
export const ESSENTIAL_WITH_STATUS: readonly ColumnInfo[] = [
	...ESSENTIAL_COLUMNS.slice(0, -1),
	...FULL_COLUMNS.filter(({ name }) => name === 'status'),
	...ESSENTIAL_COLUMNS.slice(-1),
];

/**
 * One flat row for a ride, ready for a sheet or a table: the columns of `FULL_COLUMNS` in that order.
 * A missing value is null, zero is zero.
 */
export function rideRow(
	ride: Ride,
	{ status = null }: RowContext = {},
	{ units = 'terra', times = 'sent' }: RowOptions = {},
): Row {
	return toRow(RIDE_COLUMNS, { ride, status, times }, units);
}

/**
 * The wanted columns of a row, in the wanted order. They are found by their name in any of the units, so that a choice of
 * columns survives a change of units. Names that the row does not have are left out.
 */
export function pick(row: Row, columns: ReadonlyArray<string | ColumnInfo>): Row {
	const picked: Row = {};
	for (const column of columns) {
		const wanted = typeof column === 'string' ? column : column.name;
		const name = namesOf(wanted).find((candidate) => Object.hasOwn(row, candidate));
		if (name !== undefined) picked[name] = row[name] ?? null;
	}
	return picked;
}

/** All names of a column by each of them: computed once, since there are many rows. */
const NAMES = new Map(
	RIDE_COLUMNS.flatMap((column) => {
		const names = (['terra', 'metric', 'imperial'] as const).map((units) =>
			columnName(column, units),
		);
		return names.map((name) => [name, [...new Set(names)]] as const);
	}),
);

/** Whether an activity has a column of this name, in any of the units. */
export function isColumn(name: string): boolean {
	return NAMES.has(name);
}

function namesOf(name: string): string[] {
	const names = NAMES.get(name) ?? [];
	return [name, ...names.filter((other) => other !== name)];
}
