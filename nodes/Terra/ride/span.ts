import { pointsBetween, type Track } from './track';

/** From the start of a ride to its end, in milliseconds since 1970. */
export interface Span {
	start: number;
	end: number;
}

/** A sample is stamped with the second in which it began, and may come a little after the end. */
const SLACK_MS = 2000;

/**
 * The time that laps and files must cover: Terra's start and end, unless most of the samples lie elsewhere. Then those are
 * wrong (an end before the start, or a clock in another time zone), and the samples decide.
 */
export function spanOf(
	{ start, end }: { start: number | null; end: number | null },
	track: Track,
): Span {
	const first = track.time[0] ?? start ?? 0;
	const last = track.time[track.length - 1] ?? end ?? 0;
	const told = { start: start ?? first, end: end ?? last };
	const inside = pointsBetween(track, told.start - SLACK_MS, told.end + SLACK_MS).length;
	const isRight = told.end >= told.start && 2 * inside >= track.length;
	return isRight || track.length === 0 ? told : { start: first, end: last };
}
