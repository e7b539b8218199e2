import {
	addDays,
	daysBetween,
	earlier,
	later,
	type DateWindow,
	type DayRange,
} from '../terra/days';

export interface MissingDays extends DayRange {
	days: number;
	reason: string;
}

/**
 * The days of a range that may be incomplete because of windows without data, oldest first. Adjacent ones with the same
 * reason form one stretch.
 */
export function missingDays(
	gaps: ReadonlyArray<{ window: DateWindow; error: { message: string } }>,
	range: DayRange,
): MissingDays[] {
	const stretches: MissingDays[] = [];
	const inOrder = [...gaps].sort((a, b) => (a.window.start_date < b.window.start_date ? -1 : 1));
	for (const { window, error } of inOrder) {
		// A window extends a day beyond the range: see windowAround.
		const from = later(range.from, earlier(window.start_date, range.to));
		const to = earlier(range.to, later(addDays(window.end_date, -1), range.from));
		const last = stretches.at(-1);
		if (last && last.reason === error.message && from <= addDays(last.to, 1)) {
			last.to = later(last.to, to);
			last.days = daysBetween(last.from, last.to) + 1;
		} else {
			stretches.push({ from, to, days: daysBetween(from, to) + 1, reason: error.message });
		}
	}
	return stretches;
}
