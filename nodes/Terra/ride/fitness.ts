import { addDays, type Day } from '../terra/days';

/** What training has built up, and what it has cost, at the end of a day. */
export interface Fitness {
	/** Daily load, weighted over about six weeks. */
	fitness: number;
	/** Daily load, weighted over about a week. */
	fatigue: number;
}

const FITNESS_DAYS = 42;
const FATIGUE_DAYS = 7;

/** After six times the longer constant only 1/400 of a wrong starting value is left, which is accurate enough. */
export const WARM_UP_DAYS = 6 * FITNESS_DAYS;

/**
 * Two exponentially weighted means of the daily load: every day each moves by 1 - e^(-1/days) of its distance to the
 * day's load. Both start from zero, so the loads have to begin WARM_UP_DAYS before the first day shown.
 */
export function fitnessByDay(
	loads: ReadonlyMap<Day, number>,
	from: Day,
	to: Day,
): Map<Day, Fitness> {
	const days = new Map<Day, Fitness>();
	let [fitness, fatigue] = [0, 0];
	for (let day = from; day <= to; day = addDays(day, 1)) {
		const load = loads.get(day) ?? 0;
		fitness += (load - fitness) * (1 - Math.exp(-1 / FITNESS_DAYS));
		fatigue += (load - fatigue) * (1 - Math.exp(-1 / FATIGUE_DAYS));
		days.set(day, { fitness, fatigue });
	}
	return days;
}

/**
 * The load of a ride from Terra's summary: its TSS, or else hours × (normalised power / threshold)² × 100.
 * Null if it has neither.
 */
export function loadOf(
	ride: {
		tss: number | null;
		normalizedWatts: number | null;
		durationSeconds: number | null;
	},
	thresholdWatts: number | null,
): number | null {
	const { tss, normalizedWatts, durationSeconds } = ride;
	if (tss !== null) return tss;
	if (normalizedWatts === null || durationSeconds === null || !thresholdWatts) return null;
	const load = (durationSeconds / 36) * (normalizedWatts / thresholdWatts) ** 2;
	return Number.isFinite(load) ? load : null;
}
