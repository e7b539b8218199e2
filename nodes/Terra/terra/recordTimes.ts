import { localDay, type Day } from './days';
import { isDailyType } from './events';
import { asObject } from './json';
import { instant, localDate, offsetIn, parseTime, type Time } from './times';

/** The times of a record, by one rule for rows, ranges, sentences and files. */
export interface RecordTimes {
	/** On the clock that `clock` names. */
	start: Time | null;
	end: Time | null;
	/** The day of the start on that clock. */
	day: Day | undefined;
	/**
	 * Whose clock it is: the athlete's, or the workflow's if Terra sends UTC and it is unknown what the athlete's
	 * clock showed. Null without a start.
	 */
	clock: 'athlete' | 'workflow' | null;
	/** Milliseconds since 1970; a time without a known offset is read as UTC. */
	startInstant: number | undefined;
}

/** Terra's `timestamp_localization`: the times are UTC, whatever the athlete's clock showed. */
const UTC = 0;

/**
 * A time before this day is invalid. Some providers write year 1 for "unknown"; 1970 and the last day of 1989 (where FIT
 * files begin to count) come from clocks that were never set.
 */
const FIRST_DAY = '1990-01-01';

/**
 * @param timezone of the workflow. Daily records keep the day that Terra gives them: a zone would move it.
 * @see https://docs.tryterra.co/reference/health-and-fitness-api/data-models
 */
export function timesOf(type: string, record: unknown, timezone: string): RecordTimes {
	const { start_time, end_time, timestamp_localization } = asObject(asObject(record).metadata);
	const isUtc = timestamp_localization === UTC && !isDailyType(type);
	const isUnset = (value: unknown) => (localDate(value) ?? FIRST_DAY) < FIRST_DAY;
	const read = (value: unknown) => {
		const time = isUnset(value) ? null : parseTime(value);
		return time && isUtc ? onClockOf(timezone, instant(time, 0)) : time;
	};
	const start = read(start_time);
	const end = read(end_time);
	if (start && isUtc) {
		const day = localDay(new Date(start.wall).toISOString());
		return { start, end, day, clock: 'workflow', startInstant: instant(start, 0) };
	}
	const day = isUnset(start_time) ? undefined : (localDate(start_time) ?? undefined);
	const midnight = day === undefined ? NaN : Date.parse(day);
	const at = start ? instant(start, 0) : midnight;
	const startInstant = Number.isNaN(at) ? undefined : at;
	return { start, end, day, clock: day === undefined ? null : 'athlete', startInstant };
}

function onClockOf(timezone: string, at: number): Time {
	const offset = offsetIn(timezone, at);
	return { wall: at + offset * 60_000, offset };
}
