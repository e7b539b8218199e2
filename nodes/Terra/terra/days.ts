/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;

/** `end_date` is exclusive, as Terra has it: the window ends as that day begins. */
export interface DateWindow {
	start_date: Day;
	end_date: Day;
}

const DAY_MS = 86_400_000;

export function addDays(day: Day, days: number): Day {
	return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Cuts a range of days into the windows to ask Terra for, oldest first.
 *
 * Terra's days begin at 00:00 UTC, an athlete's at local midnight: a morning ride in Sydney belongs to Terra's
 * day before. So the range is asked for with a day more at both ends; {@link isWithin} drops what is too much.
 *
 * @param from first day wanted
 * @param to last day wanted, included
 * @param maxDays the longest window; Terra answers at once only for up to about a month, which 28 days always are
 */
export function dateWindows(from: Day, to: Day, maxDays: number): DateWindow[] {
	const end = addDays(to, 2);
	const windows: DateWindow[] = [];
	for (let start = addDays(from, -1); start < end; start = addDays(start, maxDays)) {
		const next = addDays(start, maxDays);
		windows.push({ start_date: start, end_date: next < end ? next : end });
	}
	return windows;
}

/** Whether a time as Terra sends it (local to the athlete, or with an offset) falls on one of the days. */
export function isWithin(startTime: unknown, from: Day, to: Day): boolean {
	if (typeof startTime !== 'string') return true;
	const day = startTime.slice(0, 10);
	return day >= from && day <= to;
}
