import { athleteFields, readAthletes } from '../../fields/athletes';
import { bestsField, readBests, readThreshold, thresholdOption } from '../../fields/figures';
import { filtersField, readRideFilters } from '../../fields/filters';
import { ifDaysMissingOption, longestWaitOption, readHistoryOptions } from '../../fields/history';
import { ATHLETE_AND_PERIOD_FOR_MODEL, periodFields, readRange } from '../../fields/period';
import { optionsField } from '../../fields/show';
import { readChoice } from '../../fields/values';
import { readUnits, unitsField } from '../../fields/view';
import { Coverage, forAthletes } from '../../history';
import { choiceHint, operation, type Services } from '../../n8n';
import {
	stateOf,
	summarise,
	summaryRide,
	type SummaryOptions,
	type SummaryRide,
} from '../../output';
import { unwantedBecause, type RideFilters } from '../../ride/filter';
import { WARM_UP_DAYS } from '../../ride/fitness';
import { rideOf } from '../../ride/ride';
import { SUMMARY_COLUMNS } from '../../rows/summaryRow';
import { addDays, earlier, isWithin, later, type Day, type DayRange } from '../../terra/days';
import { fingerprint } from '../../terra/fingerprint';
import type { JsonObject } from '../../terra/json';
import { recordKey } from '../../terra/keys';
import { GROUPINGS, groupStart, presetRange } from '../../terra/periods';
import { timesOf } from '../../terra/recordTimes';
import { mergeUser, type AthleteQuery, type User } from '../../transport';

interface Query extends SummaryOptions {
	athletes: AthleteQuery;
	range: DayRange;
	/** Start of the history that fitness needs. */
	warmUpFrom: Day;
	filters: RideFilters;
	/** No athlete's clock shows a later day than this. */
	latest: Day;
	thresholdWatts: number | null;
	ifDaysMissing: 'return' | 'fail';
	longestWaitMs: number;
}

/** Clocks around the world are up to 26 hours apart. */
const MAX_DAYS_AHEAD = 2;

/** Totals of each day, week or month for each athlete, with fitness, fatigue and form. */
export const getSummary = operation<Query>({
	option: {
		name: 'Get Summary',
		value: 'getSummary',
		description: 'Sum up rides by day, week or month, with fitness, fatigue and form',
		action: 'Get a summary of activities',
		builderHint: choiceHint(
			'For digests, reports and training load. One item for each athlete and week (or day or month) instead of one for each ride.',
		),
	},
	forModel: `Sums up the rides of an athlete: one row for each week, unless set to days or months, with the number of rides, moving_seconds, distance_meters, gain_actual_meters (m climbed), work_kilojoules, training_load, fitness, fatigue, form, and a sentence that sums it up. ${ATHLETE_AND_PERIOD_FOR_MODEL} No row means no rides.`,
	columns: [...SUMMARY_COLUMNS, { name: 'sentence', description: 'The period in one sentence' }],
	fields: [
		...athleteFields(),
		...periodFields({
			description:
				"Which days to sum up, up to and including today in the workflow's time zone. The first week or month is always complete.",
			hint: `For fitness the node also reads the ${WARM_UP_DAYS} days before`,
		}),
		{
			displayName: 'Group By',
			name: 'groupBy',
			type: 'options',
			options: [
				{ name: 'Day', value: 'day' },
				{ name: 'Month', value: 'month' },
				{ name: 'Week Starting Monday', value: 'week' },
				{ name: 'Week Starting Sunday', value: 'sundayWeek' },
			],
			default: 'week',
			description: 'What each item sums up',
		},
		filtersField(),
		bestsField,
		// Without the condition on Simplify, which a summary does not have.
		{ ...unitsField({}), displayOptions: {} },
		optionsField([ifDaysMissingOption, longestWaitOption, thresholdOption]),
	],
	emptyHint: `Terra has no activities in this period, nor in the ${WARM_UP_DAYS} days before.`,
	read(parameters, context) {
		const range = readRange(parameters, context);
		const grouping = readChoice(parameters.groupBy, 'Group By', GROUPINGS, 'week');
		const from = groupStart(range.from, grouping);
		const { ifDaysMissing, longestWaitMs } = readHistoryOptions(parameters);
		// No further back than Terra returns in an hour.
		const furthest = earlier(from, presetRange('allTime', context.today).from);
		return {
			athletes: readAthletes(parameters),
			range: { ...range, from },
			from,
			// Days in the future would show fitness as if the athlete had stopped riding.
			to: earlier(range.to, context.today),
			latest: addDays(context.today, MAX_DAYS_AHEAD),
			grouping,
			warmUpFrom: later(addDays(from, -WARM_UP_DAYS), furthest),
			filters: readRideFilters(parameters),
			bests: readBests(parameters),
			units: readUnits(parameters),
			thresholdWatts: readThreshold(parameters),
			ifDaysMissing,
			longestWaitMs,
		};
	},
	async run(query, services) {
		const { athletes, ifDaysMissing, longestWaitMs } = query;
		const summaries: JsonObject[] = [];
		const missing = await forAthletes(athletes, {
			services,
			dataType: 'activity',
			ifDaysMissing,
			longestWaitMs,
			fetch: async (athlete) => {
				const { rides, user, coverage } = await ridesOf(athlete, query, services);
				summaries.push(...summarise(user, rides, coverage.isComplete, query));
				return coverage;
			},
		});
		return [...inOrder(summaries).map((json) => ({ json })), ...missing];
	},
});

/** All rides of the period and of the days before that fitness needs; samples, if needed, only for the period. */
async function ridesOf(athlete: User, query: Query, services: Services) {
	const { range, warmUpFrom, latest, longestWaitMs, filters, bests, thresholdWatts } = query;
	const coverage = new Coverage({ ...range, from: warmUpFrom });
	const rides = new Map<string, SummaryRide>();
	const ahead = new Set<string>();
	const deleted = new Set<string>();
	let user: User = athlete;
	const fetch = async (part: DayRange, withSamples: boolean) => {
		const events = services.history.fetch({
			type: 'activity',
			userId: athlete.user_id,
			range: part,
			order: 'oldest',
			withSamples,
			longestWaitMs,
		});
		for await (const event of events) {
			coverage.note(event);
			if (event.kind !== 'record') continue;
			const { record } = event;
			const { day } = timesOf('activity', record, services.timezone);
			if (day === undefined || !isWithin(day, part)) continue;
			const state = stateOf('activity', record);
			if (state === 'pending') continue;
			const ride = rideOf(record, undefined, services.timezone);
			if (state === null && unwantedBecause(ride, filters) !== undefined) continue;
			user = await services.completeUser(mergeUser(athlete, event.user), { longestWaitMs });
			const key = recordKey('activity', record, user) ?? fingerprint(record);
			if (state === 'deleted') deleted.add(key);
			else if (day > latest) ahead.add(key);
			else rides.set(key, summaryRide(ride, day, thresholdWatts, withSamples ? bests : []));
		}
	};
	if (bests.length === 0) {
		await fetch({ ...range, from: warmUpFrom }, false);
	} else {
		const lastBefore = addDays(range.from, -1);
		if (warmUpFrom <= lastBefore) await fetch({ from: warmUpFrom, to: lastBefore }, false);
		await fetch(range, true);
	}
	// Terra may still list the ride, before or after the record of its deletion.
	for (const key of deleted) [rides, ahead].forEach((known) => known.delete(key));
	if (ahead.size > 0) services.hint(aheadHint(user, ahead.size), 'warning');
	return { rides: [...rides.values()], user, coverage };
}

/** A device without a signal can record any date. */
function aheadHint({ reference_id, user_id }: User, count: number): string {
	const what = count === 1 ? '1 activity' : `${count} activities`;
	return `${String(reference_id ?? user_id)} has ${what} dated in the future, which the summary leaves out. Correct the date at the provider.`;
}

/** Oldest first; within a period, the longest distance first. */
function inOrder(summaries: readonly JsonObject[]): JsonObject[] {
	const distance = (row: JsonObject) =>
		Number(row.distance_meters ?? row.distance_kilometers ?? row.distance_miles ?? 0);
	return [...summaries].sort(
		(a, b) =>
			String(a.period_start).localeCompare(String(b.period_start)) ||
			distance(b) - distance(a) ||
			String(a.athlete).localeCompare(String(b.athlete)),
	);
}
