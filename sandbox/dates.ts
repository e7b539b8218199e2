export const DAY_MS = 86_400_000;

/** A half-open time range in unix milliseconds. */
export interface TimeWindow {
	start: number;
	end: number;
}

/** A date that Terra refuses; `message` is the problem's detail. */
export class InvalidDate extends Error {}

/** Accepts only `YYYY-MM-DD` (00:00 UTC of that day) or ten digits of unix seconds. */
export function parseTerraDate(text: string): number {
	if (/^\d{10}$/.test(text)) return Number(text) * 1000;

	const midnight = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
	const isRealDay = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(text);
	if (!isRealDay) throw new InvalidDate(`invalid isoformat string: '${text}'`);
	return midnight;
}

/** The window of a data read. `end_date` is exclusive; if it is missing or equals the start, the window is one day. */
export function parseWindow(startDate: unknown, endDate: unknown): TimeWindow {
	if (typeof startDate !== 'string' || startDate === '')
		throw new InvalidDate('invalid start_date');
	const start = parseTerraDate(startDate);
	if (endDate === undefined || endDate === '') return { start, end: start + DAY_MS };
	if (typeof endDate !== 'string') throw new InvalidDate('invalid end_date');

	const end = parseTerraDate(endDate);
	if (end < start) throw new InvalidDate('invalid end_date: it is before start_date');
	return { start, end: end === start ? start + DAY_MS : end };
}

/** The number of days that Terra's rate limits charge for a request. */
export function daysIn(window: TimeWindow): number {
	return Math.ceil((window.end - window.start) / DAY_MS);
}

/** A month is a calendar month: 1 December to 1 January (exclusive) is within it, one more day is not. */
export function isLongerThanMonth(window: TimeWindow): boolean {
	const start = new Date(window.start);
	const lastDayOfNextMonth = new Date(
		Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 2, 0),
	).getUTCDate();
	const monthLater = new Date(window.start);
	monthLater.setUTCDate(1);
	monthLater.setUTCMonth(start.getUTCMonth() + 1);
	monthLater.setUTCDate(Math.min(start.getUTCDate(), lastDayOfNextMonth));
	return window.end > monthLater.getTime();
}

export function overlaps(window: TimeWindow, start: number, end: number): boolean {
	return start < window.end && end > window.start;
}

/** Terra's time format: ISO 8601 with microseconds and the UTC offset. */
export function terraTime(ms: number, offsetMinutes = 0): string {
	const local = new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, -1);
	const size = Math.abs(offsetMinutes);
	const hours = String(Math.floor(size / 60)).padStart(2, '0');
	const minutes = String(size % 60).padStart(2, '0');
	return `${local}000${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`;
}
