import type { Track } from './track';

/** The shortest stop of the timer that counts as a pause. */
const PAUSE_SECONDS = 5;

/** Without a timer, a silence is a pause if it is longer than this, and than this many usual gaps. */
const SILENCE_SECONDS = 60;
const USUAL_GAPS = 3;

/**
 * The points of a track as stretches without a pause; points during a pause, such as a heart rate while the
 * timer was stopped, are in none of them. A pause is where the clock went on but the timer did not; or, if the device
 * has no timer, an unusual silence.
 */
export function segmentsOf(track: Track): number[][] {
	const pauses = pausesOf(track);
	const segments: number[][] = [];
	let current: number[] = [];
	let pause = 0;
	for (let index = 0; index < track.length; index++) {
		while (pause < pauses.length && index >= pauses[pause]!.to) {
			if (current.length > 0) segments.push(current);
			current = [];
			pause++;
		}
		if (pause < pauses.length && index > pauses[pause]!.from) continue;
		current.push(index);
	}
	if (current.length > 0) segments.push(current);
	return segments;
}

/** The wanted points of each stretch, without empty stretches. */
export function pointsOf(
	segments: ReadonlyArray<readonly number[]>,
	isWanted: (index: number) => boolean,
): number[][] {
	return segments.map((points) => points.filter(isWanted)).filter((points) => points.length > 0);
}

/** From the last point before it to the first one after it. */
interface Pause {
	from: number;
	to: number;
}

function pausesOf(track: Track): Pause[] {
	const timed: number[] = [];
	for (let index = 0; index < track.length; index++) {
		if (!Number.isNaN(track.timer[index]!)) timed.push(index);
	}
	return timed.length > 1 ? pausesByTimer(track, timed) : pausesBySilence(track);
}

function pausesByTimer(track: Track, timed: readonly number[]): Pause[] {
	const pauses: Pause[] = [];
	let from = -1;
	let lost = 0;
	timed.slice(1).forEach((to, position) => {
		const before = timed[position]!;
		const clock = (track.time[to]! - track.time[before]!) / 1000;
		const stopped = clock - (track.timer[to]! - track.timer[before]!);
		if (stopped >= PAUSE_SECONDS || stopped > clock / 2) {
			if (from < 0) [from, lost] = [before, 0];
			lost += stopped;
			if (lost >= PAUSE_SECONDS) {
				const last = pauses.at(-1);
				if (last?.from === from) last.to = to;
				else pauses.push({ from, to });
			}
		} else {
			from = -1;
		}
	});
	return pauses;
}

function pausesBySilence(track: Track): Pause[] {
	const gaps = track.time.slice(1).map((time, index) => (time - track.time[index]!) / 1000);
	const usual = [...gaps].sort((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 0;
	const longest = Math.max(SILENCE_SECONDS, USUAL_GAPS * usual);
	const pauses: Pause[] = [];
	gaps.forEach((gap, index) => {
		if (gap > longest) pauses.push({ from: index, to: index + 1 });
	});
	return pauses;
}
