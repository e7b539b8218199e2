import { fields, number, text } from '../terra/json';
import { instant, parseTime } from '../terra/times';

/** One lap as recorded; times in milliseconds since 1970, other values as Terra has them. */
export interface RiddenLap {
	start: number;
	end: number | null;
	activeSeconds: number | null;
	distance: number | null;
	calories: number | null;
	heartRate: number | null;
	power: number | null;
	speed: number | null;
	trigger: string | null;
}

const PRESSED = ['MANUAL', 'SESSION_END'];

/**
 * The laps of an activity in time order, without overlaps. A device may record laps of its own (every 5 km) beside
 * the ones that the athlete pressed, and a file can hold only one set: then it is the athlete's.
 *
 * @param offset minutes ahead of UTC, for times that do not tell
 */
export function lapsOf(recorded: readonly unknown[], offset: number): RiddenLap[] {
	const laps = recorded
		.map((lap) => readLap(lap, offset))
		.filter((lap) => lap !== null)
		.sort((a, b) => a.start - b.start);
	const pressed = laps.filter(({ trigger }) => PRESSED.includes(trigger ?? ''));
	const wanted = pressed.length > 0 && withoutOverlaps(laps).length < laps.length ? pressed : laps;
	return withoutOverlaps(wanted);
}

function readLap(lap: unknown, offset: number): RiddenLap | null {
	const given = fields(lap);
	const start = parseTime(given.start_time);
	const end = parseTime(given.end_time);
	return (
		start && {
			start: instant(start, offset),
			end: end && instant(end, offset),
			activeSeconds: number(given.active_duration_seconds),
			distance: number(given.distance_meters),
			calories: number(given.calories),
			heartRate: number(given.avg_hr_bpm),
			power: number(given.avg_watts),
			speed: number(given.avg_speed_meters_per_second),
			trigger: text(given.trigger_method),
		}
	);
}

function withoutOverlaps(laps: readonly RiddenLap[]): RiddenLap[] {
	const kept: RiddenLap[] = [];
	for (const lap of laps) {
		const last = kept.at(-1);
		const isFree = !last || (lap.start > last.start && lap.start >= (last.end ?? lap.start));
		if (isFree) kept.push(lap);
	}
	return kept;
}
