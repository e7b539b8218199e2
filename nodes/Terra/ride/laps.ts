import { amount, fields, text } from '../terra/json';
import { instant, parseTime } from '../terra/times';
import type { Ride } from './ride';
import type { Span } from './span';
import { distanceBetween, pointsBetween, type Track } from './track';

/** One lap; times in milliseconds since 1970, other values as Terra has them. */
export interface RiddenLap {
	start: number;
	end: number;
	/** Without pauses. */
	seconds: number | null;
	distance: number | null;
	calories: number | null;
	heartRate: number | null;
	power: number | null;
	speed: number | null;
	trigger: string | null;
}

/** The whole ride as one lap, if Terra has none. */
export function wholeLap(ride: Ride, { start, end }: Span): RiddenLap {
	return {
		start,
		end,
		seconds: ride.movingSeconds,
		distance: ride.distance,
		calories: ride.calories,
		heartRate: ride.avgHeartRate,
		power: ride.avgWatts,
		speed: ride.avgSpeed,
		trigger: null,
	};
}

/** What the laps must add up to. */
export interface LapTotals {
	start: number;
	end: number;
	/** Without pauses; null if Terra has none. */
	movingSeconds: number | null;
	distance: number | null;
	track: Track;
}

/**
 * The laps of an activity, in time order. The first begins with the ride and the last ends with it, none overlap, and
 * their times and distances add up to the ride's.
 *
 * Devices end a lap a second after the next one has started, or omit laps. So a lap ends where the next begins, and any
 * part without a lap becomes one. A device may record laps of its own (every 5 km) besides those that the athlete
 * started by button, and a file can contain only one set: the athlete's if they cover the ride, otherwise the longer set.
 *
 * @param offset minutes ahead of UTC, for times without one
 * @returns no laps if Terra has none within the ride
 */
export function lapsOf(
	recorded: readonly unknown[],
	offset: number,
	totals: LapTotals,
): RiddenLap[] {
	const laps = recorded
		.map((lap) => readLap(lap, offset))
		.filter((lap) => lap !== null)
		.filter(({ start, end }) => end > start && start < totals.end && end > totals.start)
		.sort((a, b) => a.start - b.start || a.end - b.end);
	if (laps.length === 0) return [];
	const covering = cover(choose(laps), totals);
	return distribute(distribute(covering, 'seconds', totals), 'distance', totals).map(
		({ lap }) => lap,
	);
}

/** How far off devices are about the end of a lap. */
const SLACK_MS = 2000;

function readLap(lap: unknown, offset: number): RiddenLap | null {
	const given = fields(lap);
	const start = parseTime(given.start_time);
	const end = parseTime(given.end_time);
	if (!start) return null;
	const from = instant(start, offset);
	const seconds = amount(given.active_duration_seconds);
	const reported = end ? instant(end, offset) : from + (seconds ?? 0) * 1000;
	return {
		start: from,
		end: Math.max(from, reported),
		seconds,
		distance: amount(given.distance_meters),
		calories: amount(given.calories),
		heartRate: amount(given.avg_hr_bpm),
		power: amount(given.avg_watts),
		speed: amount(given.avg_speed_meters_per_second),
		trigger: text(given.trigger_method),
	};
}

const PRESSED = ['MANUAL', 'SESSION_END'];

/** The athlete's laps count if they cover at least this share of what any other set does. */
const NEARLY = 0.95;

/** One set of laps if a device has recorded two. */
function choose(laps: readonly RiddenLap[]): RiddenLap[] {
	const sets: RiddenLap[][] = [];
	for (const lap of laps) {
		const free = sets
			.filter((set) => lap.start > set.at(-1)!.end - slackOf(lap, set.at(-1)!))
			.sort((a, b) => Math.abs(lap.start - a.at(-1)!.end) - Math.abs(lap.start - b.at(-1)!.end));
		if (free[0]) free[0].push(lap);
		else sets.push([lap]);
	}
	const covered = (set: RiddenLap[]) => set.reduce((sum, { start, end }) => sum + (end - start), 0);
	const longest = Math.max(...sets.map(covered));
	const pressed = (set: RiddenLap[]) =>
		set.filter(({ trigger }) => PRESSED.includes(trigger ?? '')).length;
	return sets
		.filter((set) => covered(set) >= NEARLY * longest)
		.reduce((best, set) => (pressed(set) > pressed(best) ? set : best));
}

/** Less for short laps, so that two at the same time do not count as consecutive. */
function slackOf(...laps: RiddenLap[]): number {
	return Math.min(SLACK_MS, ...laps.map(({ start, end }) => (end - start) / 2));
}

interface Covering {
	lap: RiddenLap;
	/** Whether it fills a part without a recorded lap. */
	isFiller: boolean;
}

/** Laps that follow each other from the start of the ride to its end. */
function cover(laps: readonly RiddenLap[], { start, end, track }: LapTotals): Covering[] {
	const covering: Covering[] = [];
	const fill = (from: number, to: number) => {
		const last = covering.at(-1);
		const isRidden = to - from > SLACK_MS && pointsBetween(track, from, to).length > 1;
		if (isRidden) covering.push({ lap: { ...NOTHING, start: from, end: to }, isFiller: true });
		else if (last) last.lap.end = to;
	};
	for (const lap of laps) {
		const before = covering.at(-1);
		const from = Math.max(start, lap.start);
		// A lap that begins where another does adds nothing.
		if (before && from <= before.lap.start) continue;
		if (before) {
			if (before.lap.end > from) before.lap.end = from;
			else fill(before.lap.end, from);
		} else if (from > start) {
			fill(start, from);
		}
		const begin = covering.length === 0 ? start : from;
		covering.push({ lap: { ...lap, start: begin, end: Math.min(lap.end, end) }, isFiller: false });
	}
	const last = covering.at(-1)!.lap;
	if (last.end < end) fill(last.end, end);
	return covering;
}

const NOTHING: Omit<RiddenLap, 'start' | 'end'> = {
	seconds: null,
	distance: null,
	calories: null,
	heartRate: null,
	power: null,
	speed: null,
	trigger: null,
};

/** A difference from the ride's total of at most this share goes to the last lap. */
const ROUNDING = 0.05;

/** Gives each lap its time or distance, so that all add up to the ride's. */
function distribute(laps: Covering[], of: 'seconds' | 'distance', totals: LapTotals): Covering[] {
	const { track, movingSeconds, distance } = totals;
	const values = laps.map(({ lap }) => {
		const elapsed = (lap.end - lap.start) / 1000;
		if (of === 'seconds') return Math.min(Math.max(0, lap.seconds ?? elapsed), elapsed);
		return lap.distance === null || lap.distance < 0
			? distanceBetween(track, lap.start, lap.end)
			: lap.distance;
	});
	const total = plausible(of === 'seconds' ? movingSeconds : distance, of, totals);
	const shares = total === null ? values : addingUpTo(total, values, laps);
	return laps.map(({ lap, isFiller }, index) => ({
		lap: { ...lap, [of]: shares[index]! },
		isFiller,
	}));
}

/** Metres per second, faster than anybody rides. */
const TOO_FAST = 60;

/** Null for a total that the ride's length makes impossible: it would spoil the laps. */
function plausible(
	total: number | null,
	of: 'seconds' | 'distance',
	{ start, end }: LapTotals,
): number | null {
	const elapsed = (end - start) / 1000;
	if (total === null || elapsed <= 0) return null;
	return total <= elapsed * (of === 'seconds' ? 1 : TOO_FAST) ? total : null;
}

function addingUpTo(
	total: number,
	values: ReadonlyArray<number | null>,
	laps: readonly Covering[],
): number[] {
	const known = values.map((value) => value ?? 0);
	const sum = (list: readonly number[]) => list.reduce((all, value) => all + value, 0);
	const elapsed = laps.map(({ lap }) => lap.end - lap.start);
	const isOpen = laps.map(({ isFiller }, index) => isFiller || values[index] === null);
	const open = sum(elapsed.filter((_, index) => isOpen[index]));
	const rest = total - sum(known.filter((_, index) => !isOpen[index]));
	// Laps without a value share what the others leave.
	if (open > 0 && rest >= 0) {
		return known.map((value, index) => (isOpen[index] ? (rest * elapsed[index]!) / open : value));
	}
	const missing = total - sum(known);
	const last = known.at(-1)! + missing;
	if (Math.abs(missing) <= ROUNDING * total && last >= 0) return [...known.slice(0, -1), last];
	if (sum(known) > 0) return known.map((value) => (value * total) / sum(known));
	return elapsed.map((ms) => (total * ms) / Math.max(1, sum(elapsed)));
}
