/** What a cell of a sheet, a table or a CSV file can hold. Null is an empty cell. */
export type Cell = string | number | boolean | null;

/**
 * A flat record with its columns in a fixed order.
 *
 * A missing value is null and not "", because that is what the nodes after this one understand:
 * a number or date column of a Data Table refuses "", an update in Google Sheets leaves a cell alone
 * for null but clears it for "" (and an update by Terra is never less than what came before),
 * and an expression can fall back with `??`.
 */
export type Row = Record<string, Cell>;

// The full-width forms are what some spreadsheets turn into the plain ones while reading.
const STARTS_A_FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Text that a spreadsheet would run as a formula gets an apostrophe in front, which sheets read as "this is text". */
export function safeText(value: string): string {
	return STARTS_A_FORMULA.test(value) ? `'${value}` : value;
}

/** An ID such as +4915112345 or -abc does nothing in a spreadsheet, and an apostrophe would make it another ID. */
const HARMLESS_ID = /^[+\-@][\w.@-]*$/;

/** An identifier as a cell: left as it is unless a spreadsheet could run it. */
export function idCell(value: unknown): Cell {
	return typeof value === 'string' && HARMLESS_ID.test(value) ? value : cell(value);
}

/** Any value as a cell: numbers and booleans as they are, text made safe, everything else empty. */
export function cell(value: unknown): Cell {
	if (typeof value === 'string') return value === '' ? null : safeText(value);
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	return typeof value === 'boolean' ? value : null;
}
