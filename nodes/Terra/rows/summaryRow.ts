import { fitnessByDay, type Fitness } from '../ride/fitness';
import { readable } from '../ride/figures';
import { convert, round, unitOf, type Quantity, type Units } from '../ride/units';
import { addDays, earlier, later, type Day } from '../terra/days';
import { groupEnd, groupStart, type Grouping } from '../terra/periods';
import { dayText, durationText } from '../terra/times';
import type { Cell, Row } from '../text/cells';
import { chatSafe } from '../text/plain';
import { toRow, type Column } from './columns';

/** What a summary needs from a ride. */
export interface SummaryRide {
	day: Day;
	seconds: number | null;
	distance: number | null;
	climb: number | null;
	workKilojoules: number | null;
	load: number | null;
	/** Columns of computed figures, of which the maximum counts. */
	bests: Row;
}

export interface SummaryAthlete {
	userId: Cell;
	referenceId: Cell;
	provider: Cell;
}

/** The rides of one athlete in a period. */
interface Group {
	athlete: SummaryAthlete;
	from: Day;
	to: Day;
	rides: readonly SummaryRide[];
	/** At the end of the last day; undefined if days are missing, or if no load is known. */
	form: Fitness | undefined;
}

/** The columns of a summary, before those of the best figures. */
export const SUMMARY_COLUMNS: ReadonlyArray<Column<Group>> = [
	{
		name: 'athlete',
		description: 'The reference ID, or the provider and the end of the user ID if there is none',
		read: ({ athlete }) => nameOf(athlete),
	},
	{
		name: 'user_id',
		description: "Terra's ID of the connection",
		read: ({ athlete }) => athlete.userId,
	},
	{
		name: 'reference_id',
		description: 'Your own ID for the athlete',
		read: ({ athlete }) => athlete.referenceId,
	},
	{
		name: 'provider',
		description: 'Where the rides come from',
		read: ({ athlete }) => athlete.provider,
	},
	{ name: 'period_start', description: 'First day', read: ({ from }) => from },
	{ name: 'period_end', description: 'Last day', read: ({ to }) => to },
	{
		name: 'rides',
		description: 'Number of activities',
		type: 'number',
		read: ({ rides }) => rides.length,
	},
	{
		name: 'moving_seconds',
		description: 'Moving time, or from start to end for an activity without it',
		unit: 's',
		read: ({ rides }) => sum(rides, ({ seconds }) => seconds),
	},
	{
		name: 'duration',
		description: 'The same as text, such as 8:12:40',
		read: ({ rides }) => durationText(sum(rides, ({ seconds }) => seconds)),
	},
	{
		name: 'distance_meters',
		description: 'Distance',
		unit: 'm',
		quantity: 'distance',
		read: ({ rides }) => sum(rides, ({ distance }) => distance),
	},
	{
		name: 'gain_actual_meters',
		description: 'Elevation gain',
		unit: 'm',
		quantity: 'height',
		read: ({ rides }) => sum(rides, ({ climb }) => climb),
	},
	{
		name: 'work_kilojoules',
		description: 'Work done on the pedals',
		unit: 'kJ',
		read: ({ rides }) => sum(rides, ({ workKilojoules }) => workKilojoules),
	},
	{
		name: 'training_load',
		description: "Terra's TSS, or else computed from normalised and threshold power",
		type: 'number',
		read: ({ rides }) => sum(rides, ({ load }) => load),
	},
	{
		name: 'rides_without_load',
		description: 'Activities whose load is unknown: they count as 0 in load and fitness',
		type: 'number',
		read: ({ rides }) => rides.filter(({ load }) => load === null).length,
	},
	{
		name: 'longest_distance_meters',
		description: 'Distance of the longest activity',
		unit: 'm',
		quantity: 'distance',
		read: ({ rides }) => highest(rides.map(({ distance }) => distance)),
	},
	{
		name: 'longest_seconds',
		description: 'Moving time of the longest activity',
		unit: 's',
		read: ({ rides }) => highest(rides.map(({ seconds }) => seconds)),
	},
	{
		name: 'fitness',
		description: 'Daily load, exponentially weighted over 42 days, at the end of the last day',
		type: 'number',
		read: ({ form }) => form && round(form.fitness, 1),
	},
	{
		name: 'fatigue',
		description: 'The same over 7 days',
		type: 'number',
		read: ({ form }) => form && round(form.fatigue, 1),
	},
	{
		name: 'form',
		description: 'Fitness minus fatigue: below zero, the athlete is tired',
		type: 'number',
		read: ({ form }) => form && round(form.fitness - form.fatigue, 1),
	},
];

export interface SummaryOptions {
	grouping: Grouping;
	/** The days to show; earlier ones only serve to compute fitness. */
	from: Day;
	to: Day;
	units: Units;
	/** Names of the best figures. */
	bests: readonly string[];
}

/**
 * A row for each day, week or month, oldest first, from the athlete's first ride on, including those without a ride, in
 * which fitness falls. No rows if there is no ride at all.
 *
 * @param isComplete whether no day is missing; without it fitness would be too low
 */
export function summaryRows(
	athlete: SummaryAthlete,
	rides: readonly SummaryRide[],
	isComplete: boolean,
	{ grouping, from, to, units, bests }: SummaryOptions,
): Row[] {
	if (rides.length === 0) return [];
	const days = rides.map(({ day }) => day);
	const first = days.reduce(earlier);
	const last = later(to, days.reduce(later));
	const hasLoads = rides.some(({ load }) => load !== null);
	const forms = isComplete && hasLoads ? fitnessByDay(loadsOf(rides), first, last) : undefined;
	const rows: Row[] = [];
	for (let start = groupStart(later(from, first), grouping); start <= last;) {
		const end = earlier(groupEnd(start, grouping), last);
		const group = {
			athlete,
			from: start,
			to: end,
			rides: rides.filter(({ day }) => day >= start && day <= end),
			form: finite(forms?.get(end)),
		};
		const highestOf = (name: string) => highest(group.rides.map(({ bests: own }) => own[name]));
		rows.push({
			...toRow(SUMMARY_COLUMNS, group, units),
			...Object.fromEntries(bests.map((name) => [name, highestOf(name)])),
			sentence: sentenceOf(group, units),
		});
		start = addDays(end, 1);
	}
	return rows;
}

/** After an infinite load there is no mean. */
function finite(form: Fitness | undefined): Fitness | undefined {
	return form && Number.isFinite(form.fitness - form.fatigue) ? form : undefined;
}

function loadsOf(rides: readonly SummaryRide[]): Map<Day, number> {
	const loads = new Map<Day, number>();
	for (const { day, load } of rides) loads.set(day, (loads.get(day) ?? 0) + (load ?? 0));
	return loads;
}

function nameOf({ referenceId, provider, userId }: SummaryAthlete): string {
	if (referenceId !== null) return String(referenceId);
	return `${provider ?? 'User'} …${String(userId ?? '').slice(-4)}`;
}

/** Null if no ride has the value, or if it is infinite; 0 without rides. */
function sum(
	rides: readonly SummaryRide[],
	read: (ride: SummaryRide) => number | null,
): number | null {
	const known = rides.map(read).filter((value) => value !== null);
	if (known.length === 0 && rides.length > 0) return null;
	const total = known.reduce((all, value) => all + value, 0);
	return Number.isFinite(total) ? round(total, 1) : null;
}

function highest(values: readonly unknown[]): number | null {
	const known = values.filter((value) => typeof value === 'number');
	return known.length === 0 ? null : known.reduce((a, b) => Math.max(a, b));
}

/**
 * `5 rides of rider-1, 16 Nov 2026 to 22 Nov 2026: 212 km in 8:12:40, 2100 m of climbing, load 412, form -8.` It never
 * begins with a name, which could make it a formula.
 */
function sentenceOf({ athlete, from, to, rides, form }: Group, units: Units): string {
	const measured = (value: number | null, quantity: Quantity) => {
		const converted = value === null ? null : convert(value, quantity, readable(units));
		return converted === null
			? null
			: `${round(converted, 0)} ${unitOf(quantity, readable(units)).symbol}`;
	};
	const distance = measured(
		sum(rides, (ride) => ride.distance),
		'distance',
	);
	const duration = durationText(sum(rides, ({ seconds }) => seconds));
	const climb = measured(
		sum(rides, (ride) => ride.climb),
		'height',
	);
	const load = sum(rides, (ride) => ride.load);
	const figures = [
		[distance, duration].filter((text) => text !== null).join(' in '),
		climb && `${climb} of climbing`,
		load !== null && `load ${round(load, 0)}`,
	].filter(Boolean);
	const parts = [
		...(rides.length === 0 ? [] : figures),
		...(form ? [`form ${round(form.fitness - form.fatigue, 0)}`] : []),
	];
	const days = from === to ? dayText(from) : `${dayText(from)} to ${dayText(to)}`;
	const count = rides.length === 1 ? '1 ride' : `${rides.length || 'No'} rides`;
	const subject = `${count} of ${chatSafe(nameOf(athlete))}, ${days}`;
	return parts.length > 0 ? `${subject}: ${parts.join(', ')}.` : `${subject}.`;
}
