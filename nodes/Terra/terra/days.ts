import { DAY_MS } from './durations';

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;

/** First and last day, both included. */
export interface DayRange {
	from: Day;
	to: Day;
	/**
	 * Whether `to` only means today in the workflow's time zone: where an athlete's clock is ahead it may already be
	 * tomorrow, so everything up to now belongs to the range.
	 */
	isOpen?: true;
}

/** As in Terra, `end_date` is exclusive: the window ends as that day begins. */
export interface DateWindow {
	start_date: Day;
	end_date: Day;
}

export type Order = 'newest' | 'oldest';

export function addDays(day: Day, days: number): Day {
	return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whether the calendar has such a day: not 30 February. */
export function isDay(day: string): boolean {
	return !Number.isNaN(Date.parse(day)) && addDays(day, 0) === day;
}

/** The number of days from `start` up to, but not including, `end`. */
export function daysBetween(start: Day, end: Day): number {
	return Math.round((Date.parse(end) - Date.parse(start)) / DAY_MS);
}

export function daysOf({ start_date, end_date }: DateWindow): number {
	return daysBetween(start_date, end_date);
}

/**
 * The days to ask Terra for so that a range of an athlete's own days is complete.
 *
 * Terra's days begin at 00:00 UTC, an athlete's at local midnight: a morning ride in Sydney belongs to Terra's previous
 * day. So ask for one more day at both ends; {@link isWithin} drops the excess.
 */
export function windowAround({ from, to }: DayRange): DateWindow {
	return { start_date: addDays(from, -1), end_date: addDays(to, 2) };
}

/**
 * Cuts a window into the requests to make, in the order to make them. It counts from the end that is asked for first, so
 * that only the last request can be shorter.
 *
 * @param maxDays the longest request
 */
export function cutWindow(window: DateWindow, maxDays: number, order: Order): DateWindow[] {
	const { start_date: first, end_date: end } = window;
	const windows: DateWindow[] = [];
	if (order === 'oldest') {
		for (let start = first; start < end; start = addDays(start, maxDays)) {
			windows.push({ start_date: start, end_date: earlier(addDays(start, maxDays), end) });
		}
	} else {
		for (let stop = end; stop > first; stop = addDays(stop, -maxDays)) {
			windows.push({ start_date: later(addDays(stop, -maxDays), first), end_date: stop });
		}
	}
	return windows;
}

/** The two halves of a window of two days or more, in the order to ask for them. */
export function halve(window: DateWindow, order: Order): DateWindow[] {
	return cutWindow(window, Math.ceil(daysOf(window) / 2), order);
}

/** The athlete's own day of a time as Terra sends it, which is local or has an offset. */
export function localDay(time: unknown): Day | undefined {
	return typeof time === 'string' && /^\d{4}-\d{2}-\d{2}/.test(time)
		? time.slice(0, 10)
		: undefined;
}

/** Whether a record of this day belongs to the range. A record without a day always does. */
export function isWithin(day: Day | undefined, { from, to, isOpen }: DayRange): boolean {
	return day === undefined || (day >= from && (isOpen === true || day <= to));
}

export function earlier(a: Day, b: Day): Day {
	return a < b ? a : b;
}

export function later(a: Day, b: Day): Day {
	return a > b ? a : b;
}
