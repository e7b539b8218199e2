import { columnsOfRecords } from '../../rows/recordRow';
import { ESSENTIAL_COLUMNS } from '../../rows/rideRow';
import { athleteFields, readAthletes } from '../../fields/athletes';
import {
	ifDaysMissingOption,
	includeDeletedOption,
	longestWaitOption,
	orderOption,
	readHistoryOptions,
	samplesOption,
	type HistoryOptions,
} from '../../fields/history';
import { filtersField, readRideFilters } from '../../fields/filters';
import { limitFields, readLimit } from '../../fields/limit';
import {
	ATHLETE_AND_PERIOD_FOR_MODEL,
	LATEST,
	periodFields,
	readLatest,
	readPeriod,
	SINCE_LAST_RUN,
} from '../../fields/period';
import { optionsField } from '../../fields/show';
import { readView, lapsField, recordViewFields, viewFields } from '../../fields/view';
import { Coverage, forAthletes, Timeline } from '../../history';
import { operation, type Output, type Services } from '../../n8n';
import { present, presentLaps, stateOf, type View } from '../../output';
import { unwantedBecause, type RideFilters } from '../../ride/filter';
import { rideOf } from '../../ride/ride';
import { DATA_TYPES, type DataType } from '../../terra/events';
import type { JsonObject } from '../../terra/json';
import { isWithin, type DayRange } from '../../terra/days';
import { identityOf } from '../../terra/events';
import { fingerprint } from '../../terra/fingerprint';
import { recordKey } from '../../terra/keys';
import { timesOf } from '../../terra/recordTimes';
import { mergeUser, type AthleteQuery, type User } from '../../transport';
import { hintIfFewer } from '../latest';
import { RECORD_NAMES } from './names';
import { lastRunOf } from './lastRun';

interface Query extends HistoryOptions {
	type: DataType;
	athletes: AthleteQuery;
	period: DayRange | typeof SINCE_LAST_RUN;
	/** How many of the newest, if no days are given. */
	latest: number | undefined;
	limit: number;
	/** Only for activities. */
	filters: RideFilters | undefined;
	view: View;
}

/** Gets the records of any range for one or all athletes, each once and in time order. */
export const getAll = (type: DataType) =>
	operation<Query>({
		option: {
			name: 'Get Many',
			value: 'getAll',
			description: `Get many ${RECORD_NAMES[type].what} of one athlete or all, from any range of dates`,
			action: `Get many ${RECORD_NAMES[type].many}`,
		},
		forModel: `Gets ${RECORD_NAMES[type].what} of an athlete, newest first, a row for each${type === 'activity' ? ': distance_meters, gain_actual_meters (climbed), moving_seconds, avg_watts, tss (load). Get Summary is better for totals' : ', with units in the names'}. ${ATHLETE_AND_PERIOD_FOR_MODEL} No row means no records on these days.`,
		columns: type === 'activity' ? ESSENTIAL_COLUMNS : columnsOfRecords(type),
		fields: [
			...athleteFields(),
			...periodFields({ withLastRun: true, withLatest: true }),
			...limitFields({ hide: { period: [LATEST, SINCE_LAST_RUN] } }),
			filtersField({ resource: ['activity'] }),
			...viewFields(
				{ resource: ['activity'] },
				'With any of these the node asks Terra for samples, which takes longer',
			),
			lapsField({ resource: ['activity'] }),
			...recordViewFields({ resource: DATA_TYPES.filter((other) => other !== 'activity') }),
			optionsField([
				ifDaysMissingOption,
				...(type === 'activity' ? [includeDeletedOption] : []),
				{
					...samplesOption,
					description: `${samplesOption.description} Rows never contain samples: switch Simplify off to see them.`,
				},
				longestWaitOption,
				orderOption,
			]),
		],
		emptyHint: `Terra has nothing in this period${type === 'activity' ? ", or nothing that passes 'Filters'" : ''}. Just after an athlete has connected it may still be collecting; for older history use the operation Request Backfill.`,
		read(parameters, context) {
			const period = readPeriod(parameters, context);
			const latest = readLatest(parameters);
			const options = readHistoryOptions(parameters);
			const view = readView(parameters, context.timezone);
			return {
				...options,
				withSamples: options.withSamples || needsSamples(type, view),
				type,
				athletes: readAthletes(parameters),
				period,
				latest,
				limit: latest ?? (period === SINCE_LAST_RUN ? Infinity : readLimit(parameters)),
				filters: type === 'activity' ? readRideFilters(parameters) : undefined,
				view,
			};
		},
		async run(query, services) {
			const { athletes, ifDaysMissing, longestWaitMs, period, latest, order, limit } = query;
			const lastRun =
				period === SINCE_LAST_RUN ? lastRunOf(type, athletes, services.today) : undefined;
			const range = lastRun
				? lastRun.rangeAfter(await services.seen.find(lastRun.questions))
				: (period as DayRange);
			const timeline = new Timeline<Output[]>(latest === undefined ? order : 'newest', limit);
			let isComplete = true;
			const missing = await forAthletes(athletes, {
				services,
				dataType: type,
				ifDaysMissing,
				longestWaitMs,
				onMissing: () => (isComplete = false),
				fetch: async (athlete) =>
					await fetchRange(range, athlete, query, services, timeline, lastRun !== undefined),
			});
			if (lastRun) services.noteOnSuccess(lastRun.marks(isComplete));
			const found = timeline.list().map(({ value }) => value);
			// A limit counts activities, however many laps they have.
			hintIfFewer(latest, found.length, services);
			if (latest !== undefined && order === 'oldest') found.reverse();
			return [...found.flat(), ...missing];
		},
	});

async function fetchRange(
	range: DayRange,
	athlete: User,
	query: Query,
	{ history, completeUser, timezone }: Services,
	timeline: Timeline<Output[]>,
	isOnce: boolean,
): Promise<Coverage> {
	const { type, latest, limit, withSamples, longestWaitMs, view } = query;
	const { user_id: userId } = athlete;
	const coverage = new Coverage(range);
	const events = history.fetch({
		type,
		userId,
		range,
		order: latest === undefined ? query.order : 'newest',
		withSamples,
		mayStop: limit !== Infinity,
		longestWaitMs,
	});
	for await (const event of events) {
		coverage.note(event);
		if (event.kind === 'windowDone' && timeline.isFullAfter(event.window)) break;
		if (event.kind !== 'record') continue;

		const { record } = event;
		const times = timesOf(type, record, timezone);
		if (!isWithin(times.day, range)) continue;
		if (!isWanted(record, query, timezone)) continue;
		// A record without an identity is identified by its content.
		const identity = identityOf(type, record) ?? fingerprint(record);
		const user = await completeUser(mergeUser(athlete, event.user), { longestWaitMs });
		const key = recordKey(type, record, user) ?? `${userId}:${identity}`;
		const context = query.includeDeleted ? { status: null } : {};
		const inLaps = type === 'activity' && view.laps;
		const items = inLaps
			? presentLaps(record, user, view)
			: [present(type, record, user, view, context)];
		const version = isOnce && `${type} ${key} ${fingerprint(record)}`;
		timeline.add(
			key,
			times,
			items.map((json, index) => ({
				json,
				...(version && { once: inLaps ? `${version} lap ${index + 1}` : version }),
			})),
		);
	}
	return coverage;
}

function needsSamples(type: DataType, { laps, figures }: View): boolean {
	return type === 'activity' && (laps || figures.length > 0);
}

function isWanted(
	record: JsonObject,
	{ type, includeDeleted, filters }: Query,
	timezone: string,
): boolean {
	if (!includeDeleted && stateOf(type, record) !== null) return false;
	return !filters || unwantedBecause(rideOf(record, undefined, timezone), filters) === undefined;
}
