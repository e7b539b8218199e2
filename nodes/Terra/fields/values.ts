import { tryToParseDateTime } from 'n8n-workflow';
import { isDay, type Day } from '../terra/days';
import { UserError } from '../terra/userError';

/** The values of a node's fields, by the fields' internal names, with expressions evaluated. */
export type Parameters = Readonly<Record<string, unknown>>;

/**
 * Readers of the values that a person entered. An expression can yield a type that the editor never writes: it is
 * accepted if it is unambiguous, and otherwise refused with the field's name.
 */

/** Nothing at all, or only white space. */
export function isEmpty(value: unknown): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}

export function readText(value: unknown): string {
	return isEmpty(value) ? '' : String(value).trim();
}

/** @throws UserError for anything but true, false, and these as text or number */
export function readBoolean(value: unknown, field: string, fallback: boolean): boolean {
	if (isEmpty(value)) return fallback;
	const text = String(value).trim().toLowerCase();
	if (text === 'true' || text === '1') return true;
	if (text === 'false' || text === '0') return false;
	throw new UserError(`'${field}' is neither true nor false`, `Current value: ${shown(value)}`);
}

/** @throws UserError for a value that is not one of the choices */
export function readChoice<T extends string>(
	value: unknown,
	field: string,
	choices: readonly T[],
	fallback: T,
): T {
	if (isEmpty(value)) return fallback;
	const text = String(value).trim();
	const choice =
		choices.find((one) => one === text) ??
		choices.find((one) => one.toLowerCase() === text.toLowerCase());
	if (choice !== undefined) return choice;
	throw new UserError(
		`'${field}' has an unknown value`,
		`Possible values: ${choices.join(', ')}. Current value: ${shown(value)}`,
	);
}

/**
 * A list as the editor writes it, or as text: one entry a line, or separated by commas. A number is a list of one.
 *
 * @param separator what separates entries in text
 * @throws UserError for an object, or a list that holds one
 */
export function readList(value: unknown, field: string, separator: RegExp = /[,\n]/): string[] {
	if (value === undefined || value === null) return [];
	const entries: unknown[] = Array.isArray(value)
		? value
		: typeof value === 'string'
			? value.split(separator)
			: [value];
	if (entries.some((entry) => typeof entry === 'object' && entry !== null)) {
		throw new UserError(
			`'${field}' is not a list of text values`,
			'Enter the values separated by commas, or use an expression that yields a list of strings.',
		);
	}
	return entries.map(readText).filter((entry) => entry !== '');
}

/** @throws UserError unless it is a whole number within the bounds */
export function readWholeNumber(
	value: unknown,
	{ field, min, max = Number.MAX_SAFE_INTEGER }: { field: string; min: number; max?: number },
): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) {
		return number;
	}
	const bounds =
		max === Number.MAX_SAFE_INTEGER
			? `of at least ${min}`
			: `between ${min} and ${max.toLocaleString('en')}`;
	throw new UserError(
		`'${field}' must be a whole number ${bounds}`,
		`Current value: ${shown(value)}`,
	);
}

/** @throws UserError unless it is a number of at least `min`; an empty value means the fallback */
export function readNumber(
	value: unknown,
	{ field, min, fallback }: { field: string; min: number; fallback: number },
): number {
	if (isEmpty(value)) return fallback;
	const number = typeof value === 'string' ? Number(value) : value;
	if (typeof number === 'number' && Number.isFinite(number) && number >= min) return number;
	throw new UserError(
		`'${field}' must be a number of at least ${min}`,
		`Current value: ${shown(value)}`,
	);
}

/**
 * The calendar day that a date means in the workflow's time zone.
 *
 * @param value ISO text, a Date or Luxon's DateTime
 * @throws UserError when it is empty or not a date
 */
export function readDay(value: unknown, field: string, timezone: string): Day {
	if (isEmpty(value)) {
		throw new UserError(
			`'${field}' is empty`,
			'Choose a day. If the field is an expression, it yields no value here.',
		);
	}
	const day = toDay(value, timezone);
	if (day !== undefined) return day;
	throw new UserError(
		`'${field}' is not a date`,
		`Choose a day, or write it as 2026-01-31. Current value: ${shown(value)}`,
	);
}

/** A day, or a day and a time, with or without a zone. Anything else could mean two days, such as 3/1/2026. */
const ISO =
	/^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

function toDay(value: unknown, timezone: string): Day | undefined {
	if (typeof value === 'string') {
		const [, day, zone] = ISO.exec(value.trim()) ?? [];
		if (day === undefined || !isDay(day)) return undefined;
		// Without a zone it is already in the workflow's time zone.
		return zone === undefined ? day : instantToDay(value.trim().replace(' ', 'T'), timezone);
	}
	return typeof value === 'object' && value !== null ? instantToDay(value, timezone) : undefined;
}

/** @param value ISO text with a zone, a Date or Luxon's DateTime */
function instantToDay(value: string | object, timezone: string): Day | undefined {
	try {
		return dayIn(timezone, tryToParseDateTime(value as string, timezone).toJSDate());
	} catch {
		return undefined;
	}
}

/** The calendar day of an instant in a time zone. */
export function dayIn(timezone: string, instant: Date): Day {
	return tryToParseDateTime(instant, timezone).setZone(timezone).toFormat('yyyy-MM-dd');
}

/** The start of a value, for a message. */
function shown(value: unknown): string {
	return isEmpty(value) ? 'empty' : String(value).slice(0, 60);
}
