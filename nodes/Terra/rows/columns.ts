import { cell, type Cell, type Row } from '../text/cells';
import { number } from '../terra/json';
import { convert, unitOf, type Quantity, type Units } from '../ride/units';

export type ValueType = 'boolean' | 'number' | 'object' | 'string';

/** What a person should know about a column. */
export interface ColumnInfo {
	name: string;
	description: string;
	unit?: string;
	/** Only if the unit does not imply it: a column with a unit is a number, any other a string. */
	type?: ValueType;
}

/** One column of a row: the source of its value, and what a person should know about it. */
export interface Column<Source> extends ColumnInfo {
	/** The name of Terra's field, if there is one. It does not change with the unit: see `columnName`. */
	name: string;
	/** What is measured, if the unit follows the user's choice; the name then ends with Terra's unit. */
	quantity?: Quantity;
	read: (source: Source) => unknown;
}

/** The column's name in the wanted units: `distance_meters`, `distance_kilometers`, `distance_miles`. */
export function columnName(column: Pick<Column<never>, 'name' | 'quantity'>, units: Units): string {
	if (!column.quantity) return column.name;
	const { word } = unitOf(column.quantity, units);
	return column.name.slice(0, -unitOf(column.quantity, 'terra').word.length) + word;
}

/** A flat row with every column in order; a value that is missing or of the wrong type is null. */
export function toRow<Source>(
	columns: ReadonlyArray<Column<Source>>,
	source: Source,
	units: Units,
): Row {
	const row: Row = {};
	for (const column of columns) {
		row[columnName(column, units)] = toCell(column, column.read(source), units);
	}
	return row;
}

function toCell(column: Pick<Column<never>, 'quantity'>, value: unknown, units: Units): Cell {
	if (!column.quantity) return cell(value);
	const measured = number(value);
	return measured === null ? null : convert(measured, column.quantity, units);
}
