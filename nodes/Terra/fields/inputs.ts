import {
	NodeOperationError,
	tryToParseDateTime,
	type IDataObject,
	type IExecuteFunctions,
} from 'n8n-workflow';
import { addDays, localDay, type Day } from '../terra/days';
import { timing } from '../transport/clock';

/**
 * A whole number from a field that may be filled by an expression.
 *
 * @throws NodeOperationError that names the field, when it is not one or out of bounds
 */
export function wholeNumber(
	this: IExecuteFunctions,
	value: unknown,
	{ field, min, max = Number.MAX_SAFE_INTEGER }: { field: string; min: number; max?: number },
	itemIndex: number,
): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) {
		return number;
	}
	const bounds =
		max === Number.MAX_SAFE_INTEGER
			? `${min} or more`
			: `from ${min} to ${max.toLocaleString('en')}`;
	throw new NodeOperationError(this.getNode(), `'${field}' is not a whole number ${bounds}`, {
		itemIndex,
		description: `It is now: ${shown(value)}`,
	});
}

/** Today in the workflow's time zone. */
export function today(this: IExecuteFunctions): Day {
	return toDay(new Date(timing.now()), this.getTimezone());
}

/**
 * The calendar day that a date means in the workflow's time zone.
 *
 * @param value ISO text, a Date or Luxon's DateTime
 * @throws NodeOperationError that names the field, when it is empty or not a date
 */
export function dayFrom(
	this: IExecuteFunctions,
	value: unknown,
	field: string,
	itemIndex: number,
): Day {
	if (isEmpty(value)) {
		throw new NodeOperationError(this.getNode(), `'${field}' is empty`, {
			itemIndex,
			description:
				'Choose a day. If it comes from an expression, the expression yields nothing here.',
		});
	}
	try {
		return toDay(value, this.getTimezone());
	} catch {
		throw new NodeOperationError(this.getNode(), `'${field}' is not a date`, {
			itemIndex,
			description: `Choose a day, or enter one as 2026-01-31. It is now: ${shown(value)}`,
		});
	}
}

export function isEmpty(value: unknown): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}

function toDay(value: unknown, zone: string): Day {
	const day = typeof value === 'string' ? localDay(value.trim()) : undefined;
	// n8n would take 30 February for 2 March.
	if (day !== undefined && addDays(day, 0) !== day) throw new RangeError('no such day');
	return tryToParseDateTime(value as IDataObject, zone)
		.setZone(zone)
		.toFormat('yyyy-MM-dd');
}

function shown(value: unknown): string {
	return isEmpty(value) ? 'empty' : String(value).slice(0, 60);
}
