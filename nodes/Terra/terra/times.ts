import { isDay } from './days';

/**
 * Terra's times: ISO 8601 with microseconds and, when Terra knows it, an offset.
 * Without an offset the time is the athlete's local time, so the instant is unknown.
 */
export interface Time {
	/** What the athlete's clock showed, in milliseconds since 1970 as if it were UTC. */
	wall: number;
	/** Minutes ahead of UTC; null if unknown. */
	offset: number | null;
}

export type Times = 'sent' | 'local' | 'utc';

const ISO =
	/^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?$/i;
const DAY = /^\d{4}-\d{2}-\d{2}(?=$|[T ])/;
const MINUTE = 60_000;

/** Reads a time; null for anything else, including 30 February. */
export function parseTime(value: unknown): Time | null {
	if (typeof value !== 'string') return null;
	const match = ISO.exec(value.trim());
	if (!match) return null;
	const [year, month, day, hour, minute, second] = match
		.slice(1, 7)
		.map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
	const midnight = Date.UTC(year, month - 1, day);
	const date = new Date(midnight);
	if (
		date.getUTCFullYear() !== year ||
		date.getUTCMonth() !== month - 1 ||
		date.getUTCDate() !== day
	)
		return null;
	if (hour > 23 || minute > 59 || second > 60) return null;
	const milliseconds = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
	const wall = midnight + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
	return { wall, offset: offsetMinutes(match[8]) };
}

function offsetMinutes(zone: string | undefined): number | null {
	if (zone === undefined) return null;
	if (zone.toUpperCase() === 'Z') return 0;
	const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0);
	return zone.startsWith('-') ? -minutes : minutes;
}

/** Milliseconds since 1970, UTC. A time without an offset uses the given one (minutes). */
export function instant(time: Time, assumedOffset: number): number {
	return time.wall - (time.offset ?? assumedOffset) * MINUTE;
}

/** Seconds from one time to the other, or null if either is not a time or they run backwards. */
export function secondsBetween(start: Time | null, end: Time | null): number | null {
	if (!start || !end) return null;
	const offset = start.offset ?? end.offset ?? 0;
	const seconds = (instant(end, offset) - instant(start, offset)) / 1000;
	return seconds < 0 ? null : seconds;
}

/**
 * The day in the athlete's calendar: the first ten characters, never converted. Null if the calendar has no
 * such day.
 */
export function localDate(value: unknown): string | null {
	const day = typeof value === 'string' ? DAY.exec(value)?.[0] : undefined;
	return day !== undefined && isDay(day) ? day : null;
}

/** The clock without a zone, as sheets read it: `2026-11-21 09:00:00`. */
function localTime(time: Time | null): string | null {
	return time && new Date(time.wall).toISOString().slice(0, 19).replace('T', ' ');
}

/** The instant in UTC: `2026-11-21T08:00:00Z`; null if the offset is unknown. */
export function utcTime(time: Time | null): string | null {
	return time && time.offset !== null ? isoUtc(instant(time, 0)) : null;
}

/** `UTC+01:00`: Luxon accepts it as a zone, and a spreadsheet does not take it for a sum, as it would `+01:00`. */
export function utcOffset(time: Time | null): string | null {
	const offset = time?.offset ?? null;
	if (offset === null) return null;
	const minutes = Math.abs(offset);
	const two = (part: number) => String(part).padStart(2, '0');
	return `UTC${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A time as sent, on the clock it was read on, or in UTC. */
export function showTime(sent: unknown, time: Time | null, times: Times): string | null {
	if (times === 'local') return localTime(time);
	if (times === 'utc') return utcTime(time);
	return time && String(sent);
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Minutes that a zone is ahead of UTC at an instant; 0 for an unknown zone. */
export function offsetIn(timezone: string, at: number): number {
	const format = FORMATS.get(timezone) ?? formatFor(timezone);
	FORMATS.set(timezone, format);
	const parts = Object.fromEntries(
		format.formatToParts(at).map(({ type, value }) => [type, value]),
	);
	const { year, month, day, hour, minute, second } = parts;
	const wall = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!);
	return Math.round((wall - Math.floor(at / 1000) * 1000) / MINUTE);
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
	const options = {
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	} as const;
	try {
		return new Intl.DateTimeFormat('en-US', { ...options, timeZone });
	} catch {
		return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
	}
}

/** ISO 8601 in UTC, fractions only where there are any: `2026-11-21T08:00:00Z`. */
export function isoUtc(milliseconds: number): string {
	const date = new Date(milliseconds);
	return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('.000Z', 'Z');
}

/**
 * Seconds as `1:02:33`, `0:42:07`, `0:00:09`: always with hours, since a sheet reads `42:07` as 42 hours. Null for a
 * value that is not a length of time.
 */
export function durationText(seconds: number | null): string | null {
	if (
		seconds === null ||
		!Number.isFinite(seconds) ||
		seconds < 0 ||
		seconds > Number.MAX_SAFE_INTEGER
	)
		return null;
	const whole = Math.round(seconds);
	const [hours, minutes, rest] = [
		Math.floor(whole / 3600),
		Math.floor(whole / 60) % 60,
		whole % 60,
	];
	const two = (part: number) => String(part).padStart(2, '0');
	return `${hours}:${two(minutes)}:${two(rest)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day as people write it: `21 Nov 2026`. */
export function dayText(day: string | null): string | null {
	const [year, month, date] = day?.split('-') ?? [];
	const monthName = MONTHS[Number(month) - 1];
	return monthName ? `${Number(date)} ${monthName} ${year}` : null;
}

/** A time to the minute. @param time Unix milliseconds, or a time as Terra sends it */
export function inMinutes(time: number | string): string {
	const at = typeof time === 'number' ? time : Date.parse(time);
	return Number.isNaN(at)
		? String(time)
		: `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
