import type { Activity, TerraUser } from '../terra/types';
import { ACTIVITY_COLUMNS, tssSample, type Ride } from './rideColumns';
import type { Row } from '../text/cells';
import { columnName, toRow } from './columns';
import { at, fields } from '../terra/read';
import type { Times } from '../terra/times';
import { unitOf, type Units } from '../ride/units';

export interface RowContext {
	/** Whether the activity was seen before; empty where nobody can know (history). */
	status?: 'new' | 'updated' | 'outdated';
}

export interface RowOptions {
	units?: Units;
	/** How `start_time` and `end_time` are written. */
	times?: Times;
}

export interface ColumnInfo {
	name: string;
	description: string;
	unit?: string;
}

/** Names, units and meaning of the columns that `activityRow` gives with these units, in order. */
export function columnsIn(units: Units): readonly ColumnInfo[] {
	return ACTIVITY_COLUMNS.map((column) => ({
		name: columnName(column, units),
		description: column.description,
		unit: column.quantity ? unitOf(column.quantity, units).symbol : column.unit,
	}));
}

/** All columns, under the names that they have in Terra's own units. */
export const FULL_COLUMNS: readonly ColumnInfo[] = columnsIn('terra');

const ESSENTIAL = [
	'reference_id',
	'local_date',
	'name',
	'sport',
	'duration',
	'distance_meters',
	'avg_watts',
	'avg_hr_bpm',
	'status',
	'activity_key',
];

/**
 * The ten columns that a person wants to see first, what is for programs at the end. Ten is what n8n advises as the
 * most for a simplified output.
 */
export const ESSENTIAL_COLUMNS: readonly ColumnInfo[] = ESSENTIAL.map((wanted) =>
	FULL_COLUMNS.find(({ name }) => name === wanted)!,
);

/**
 * One flat row for an activity, ready for a sheet or a table: the columns of `FULL_COLUMNS` in that order.
 * Missing is null, zero is zero, text is safe against formulas. Takes whatever Terra sends and never throws.
 */
export function activityRow(
	activity: Activity | null | undefined,
	user: TerraUser | null | undefined,
	context: RowContext = {},
	options: RowOptions = {},
): Row {
	const ride: Ride = {
		activity,
		metadata: fields(at(activity, 'metadata')),
		tss: tssSample(activity),
		user: fields(user),
		status: context.status ?? null,
		times: options.times ?? 'sent',
	};
	return toRow(ACTIVITY_COLUMNS, ride, options.units ?? 'terra');
}

/**
 * The wanted columns of a row, in the wanted order. Columns go by the name that they have in any of the units,
 * so that a choice of columns survives a change of units. Names that the row does not have are left out.
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

/** All names of a column by each of them: rows are many, so they are worked out once. */
const NAMES = new Map(
	ACTIVITY_COLUMNS.flatMap((column) => {
		const names = (['terra', 'metric', 'imperial'] as const).map((units) =>
			columnName(column, units),
		);
		return names.map((name) => [name, [...new Set(names)]] as const);
	}),
);

function namesOf(name: string): string[] {
	const names = NAMES.get(name) ?? [];
	return [name, ...names.filter((other) => other !== name)];
}
