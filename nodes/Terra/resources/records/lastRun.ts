import { addDays, earlier, type Day, type DayRange } from '../../terra/days';
import type { DataType } from '../../terra/events';
import { fingerprint } from '../../terra/fingerprint';
import { presetRange } from '../../terra/periods';
import type { AthleteQuery } from '../../transport';

/** How far back every run looks: it is one request for each athlete, and a ride can reach Terra, or change, weeks later. */
const LOOK_BACK_DAYS = 25;

/** After a longer break a run begins this long before the week of the last complete one. */
const OVERLAP_DAYS = 7;

/** How far back a run goes at most. */
const WEEKS = 13;
const LONGEST_DAYS = 90;

/**
 * What "since the last successful run" needs to know: in which weeks a run missed nothing. Returned records are noted one
 * by one, so the range only has to go back far enough.
 */
export interface LastRun {
	/** Keys to look up among the noted ones. */
	questions: [string, ...string[]];
	/** @param found which of the questions were noted */
	rangeAfter(found: Set<string>): DayRange;
	/** Keys to note when the run has ended. @param isComplete whether nothing was missing */
	marks(isComplete: boolean): string[];
}

/** Runs for other athletes or other types of data are separate. */
export function lastRunOf(type: DataType, athletes: AthleteQuery, today: Day): LastRun {
	const whose = `${type} ${fingerprint(athletes)}`;
	const everRun = `run ${whose}`;
	const completeIn = (monday: Day) => `complete ${monday} ${whose}`;
	const thisWeek = presetRange('thisWeek', today).from;
	const weeks = Array.from({ length: WEEKS }, (_, index) => addDays(thisWeek, -7 * index));
	return {
		questions: [everRun, ...weeks.map(completeIn)],
		rangeAfter(found) {
			const latest = weeks.find((monday) => found.has(completeIn(monday)));
			const from = latest
				? earlier(addDays(today, -LOOK_BACK_DAYS), addDays(latest, -OVERLAP_DAYS))
				: found.has(everRun)
					? addDays(today, -LONGEST_DAYS)
					: presetRange('last30Days', today).from;
			return { from, to: today, isOpen: true };
		},
		marks: (isComplete) => [everRun, ...(isComplete ? [completeIn(thisWeek)] : [])],
	};
}
