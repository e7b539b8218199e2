import { pointsBetween, type Track } from './track';

/** From the start of a ride to its end, in milliseconds since 1970. */
export interface Span {
	start: number;
	end: number;
}

/** A sample is stamped with the second in which it began, and may come a little after the end. */
const SLACK_MS = 2000;

/**
 * The time that laps and files must cover: Terra's start and end. If most of the samples lie elsewhere, these are wrong
 * (an end before the start, or a clock in another time zone), and the samples decide.
 */
export function spanOf(
	{ start, end }: { start: number | null; end: number | null },
	track: Track,
): Span {
	const first = track.time[0] ?? start ?? 0;
	const last = track.time[track.length - 1] ?? end ?? 0;
	const reported = { start: start ?? first, end: end ?? last };
	const inside = pointsBetween(track, reported.start - SLACK_MS, reported.end + SLACK_MS).length;
	const isRight = reported.end >= reported.start && 2 * inside >= track.length;
	return isRight || track.length === 0 ? reported : { start: first, end: last };
}
