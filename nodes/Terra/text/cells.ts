import { isUuid, withoutControls } from './plain';

/** What a cell of a sheet, a table or a CSV file can contain. Null is an empty cell. */
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

/** Any value as a cell: numbers and booleans as they are, text without control characters, everything else empty. */
export function cell(value: unknown): Cell {
	if (typeof value === 'string') return withoutControls(value) || null;
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	return typeof value === 'boolean' ? value : null;
}

// Some spreadsheets turn the full-width forms into the plain ones while reading.
const STARTS_A_FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Text that a spreadsheet would run as a formula gets an apostrophe in front. */
export function withoutFormula(value: string): string {
	return STARTS_A_FORMULA.test(value) ? `'${value}` : value;
}

/** The beginnings of months in the languages that most sheets are set to. */
const MONTH =
	'jan|feb|fév|mar|mär|mrt|apr|avr|abr|may|mai|mag|mei|jun|juin|giu|jul|juil|lug|aug|aoû|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic';

/** What a sheet would convert: a number, a date, a time, an amount or a boolean. */
const READ_AS_A_VALUE = new RegExp(
	`^\\s*(['\\p{Sc}\\p{N}.,(%]|(true|false)\\s*$|(${MONTH})\\p{L}*[-./ ]*\\d)`,
	'iu',
);

/** Columns to leave alone: a sheet should convert days and durations, and keys never look like a value. */
const READ_ON_PURPOSE = /^(.*_key|.*_date|.*_time|start_time_utc|duration|utc_offset)$/;

/**
 * A row for a sheet that interprets its input, as if a person typed it: text that would become a formula,
 * a number or a date gets a leading apostrophe, which marks it as text and is not shown.
 */
export function protectText<T extends Record<string, unknown>>(row: T): T {
	const cells = Object.entries(row).map(([name, value]) => {
		if (typeof value !== 'string' || READ_ON_PURPOSE.test(name)) return [name, value];
		const isRead = STARTS_A_FORMULA.test(value) || (READ_AS_A_VALUE.test(value) && !isUuid(value));
		return [name, isRead ? `'${value}` : value];
	});
	return Object.fromEntries(cells) as T;
}
