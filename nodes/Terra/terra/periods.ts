import { addDays, type Day, type DayRange } from './days';

/** The ranges that a user can pick by name. */
export type Preset =
	| 'last7Days'
	| 'last30Days'
	| 'last90Days'
	| 'lastWeek'
	| 'lastMonth'
	| 'thisWeek'
	| 'thisMonth'
	| 'thisYear'
	| 'allTime';

/** Sixteen years: a little less than Terra returns for one user in an hour. */
const ALL_TIME_DAYS = 16 * 365;

/**
 * How far back to look for the newest records, or for one whose date is unknown: more would use up too many of the days
 * that Terra returns for one user in an hour.
 */
export const SEARCHED_DAYS = 365;

/** The days in which to look for a record whose date is unknown. */
export function searchedRange(today: Day): DayRange {
	return { from: addDays(today, 1 - SEARCHED_DAYS), to: today, isOpen: true };
}

/** Up to the present, except last week and last month; "last 7 days" are today and the six before. */
export function presetRange(preset: Preset, today: Day): DayRange {
	if (preset === 'lastWeek') return stretchBefore(today, 'week');
	if (preset === 'lastMonth') return stretchBefore(today, 'month');
	return { from: firstDay(preset, today), to: today, isOpen: true };
}

function stretchBefore(today: Day, grouping: Grouping): DayRange {
	const to = addDays(groupStart(today, grouping), -1);
	return { from: groupStart(to, grouping), to };
}

function firstDay(preset: Exclude<Preset, 'lastWeek' | 'lastMonth'>, today: Day): Day {
	switch (preset) {
		case 'last7Days':
			return addDays(today, -6);
		case 'last30Days':
			return addDays(today, -29);
		case 'last90Days':
			return addDays(today, -89);
		case 'thisWeek':
			return groupStart(today, 'week');
		case 'thisMonth':
			return `${today.slice(0, 7)}-01`;
		case 'thisYear':
			return `${today.slice(0, 4)}-01-01`;
		case 'allTime':
			return addDays(today, 1 - ALL_TIME_DAYS);
	}
}

/** Stretches of days to sum up; a week begins on Monday, or on Sunday. */
export const GROUPINGS = ['day', 'week', 'sundayWeek', 'month'] as const;

export type Grouping = (typeof GROUPINGS)[number];

/** The first day of the stretch that a day belongs to. */
export function groupStart(day: Day, grouping: Grouping): Day {
	if (grouping === 'day') return day;
	if (grouping === 'month') return `${day.slice(0, 7)}-01`;
	const weekday = new Date(day).getUTCDay();
	return addDays(day, -(grouping === 'week' ? (weekday + 6) % 7 : weekday));
}

/** The last day of the stretch that a day belongs to. */
export function groupEnd(day: Day, grouping: Grouping): Day {
	const start = groupStart(day, grouping);
	if (grouping === 'day') return start;
	if (grouping === 'month') return addDays(groupStart(addDays(start, 31), grouping), -1);
	return addDays(start, 6);
}
