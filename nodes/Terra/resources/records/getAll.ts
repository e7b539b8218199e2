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
import { limitFields, readLimit } from '../../fields/limit';
import { periodFields, readPeriod, SINCE_LAST_RUN } from '../../fields/period';
import { optionsField } from '../../fields/show';
import { readView, recordViewFields, viewFields } from '../../fields/view';
import { Coverage, forAthletes, Timeline } from '../../history';
import { operation, type Services } from '../../n8n';
import { present, stateOf, type View } from '../../output';
import { DATA_TYPES, type DataType } from '../../terra/events';
import { isWithin, type Day, type DayRange } from '../../terra/days';
import { identityOf } from '../../terra/events';
import { fingerprint } from '../../terra/fingerprint';
import { ownerKey, recordKey } from '../../terra/keys';
import type { JsonObject } from '../../terra/json';
import { timesOf } from '../../terra/recordTimes';
import { mergeUser, type AthleteQuery, type User } from '../../transport';
import { RECORD_NAMES } from './names';
import { LastRun, type LastRunOfItem } from './lastRun';

interface Query extends HistoryOptions {
	type: DataType;
	athletes: AthleteQuery;
	period: DayRange | typeof SINCE_LAST_RUN;
	limit: number;
	view: View;
}

/** Gets the records of any range for one athlete or many, each once and in time order. */
export const getAll = (type: DataType) =>
	operation<Query>({
		option: {
			name: 'Get Many',
			value: 'getAll',
			description: `Get many ${RECORD_NAMES[type].what} of one athlete or all, from any range of dates`,
			action: `Get many ${RECORD_NAMES[type].many}`,
		},
		fields: [
			...athleteFields(),
			...periodFields({ withLastRun: true }),
			...limitFields({ hide: { period: [SINCE_LAST_RUN] } }),
			...viewFields({ resource: ['activity'] }),
			...recordViewFields({ resource: DATA_TYPES.filter((other) => other !== 'activity') }),
			optionsField([
				ifDaysMissingOption,
				...(type === 'activity' ? [includeDeletedOption] : []),
				{
					...samplesOption,
					description: `${samplesOption.description} Rows never hold samples: switch Simplify off to see them.`,
				},
				longestWaitOption,
				orderOption,
			]),
		],
		emptyHint:
			'Terra has nothing in this period. Just after an athlete has connected it may still be collecting; the operation Request Backfill brings history from long before.',
		read(parameters, context) {
			const period = readPeriod(parameters, context);
			return {
				...readHistoryOptions(parameters),
				type,
				athletes: readAthletes(parameters),
				period,
				limit: period === SINCE_LAST_RUN ? Infinity : readLimit(parameters),
				view: readView(parameters, context.timezone),
			};
		},
		async run(query, services) {
			const { athletes, ifDaysMissing, longestWaitMs, period, order, limit } = query;
			const timeline = new Timeline<JsonObject>(order, limit);
			const task = { services, dataType: type, ifDaysMissing, longestWaitMs };
			const missing =
				period === SINCE_LAST_RUN
					? await withLastRun(services, type, async (lastRun) => {
							const fetch = async (athlete: User) =>
								await fetchSince(lastRun, athlete, query, services, timeline);
							return await forAthletes(athletes, { ...task, fetch });
						})
					: await forAthletes(athletes, {
							...task,
							fetch: async (athlete) =>
								await fetchRange(period, athlete, query, services, timeline),
						});
			const found = timeline.list().map(({ value }) => value);
			return [...found.map((json) => ({ json })), ...missing];
		},
	});

interface Seen {
	/** @returns whether the record is wanted */
	accept(identity: string, record: JsonObject, day: Day | undefined): boolean;
}

async function fetchRange(
	range: DayRange,
	athlete: User,
	{ type, order, limit, withSamples, includeDeleted, longestWaitMs, view }: Query,
	{ history, describe, timezone }: Services,
	timeline: Timeline<JsonObject>,
	seen?: Seen,
): Promise<Coverage> {
	const { user_id: userId } = athlete;
	const coverage = new Coverage(range);
	const mayStop = limit !== Infinity;
	const query = { type, userId, range, order, withSamples, mayStop, longestWaitMs };
	for await (const event of history.fetch(query)) {
		coverage.note(event);
		if (event.kind === 'windowDone' && timeline.isFullAfter(event.window)) break;
		if (event.kind !== 'record') continue;

		const { record } = event;
		const times = timesOf(type, record, timezone);
		if (!isWithin(times.day, range)) continue;
		if (!includeDeleted && stateOf(type, record) !== null) continue;
		// What Terra gave no identity is known by its content.
		const identity = identityOf(type, record) ?? fingerprint(record);
		if (seen && !seen.accept(identity, record, times.day)) continue;
		const user = await describe(mergeUser(athlete, event.user), { longestWaitMs });
		timeline.add(
			recordKey(type, record, user) ?? `${userId}:${identity}`,
			times,
			present(type, record, user, view),
		);
	}
	return coverage;
}

const LAST_RUNS = new WeakMap<Services, LastRun>();

/** Works on one item. All items of an execution share the memory: two of them may be about the same athlete. */
async function withLastRun<T>(
	services: Services,
	type: DataType,
	work: (lastRun: LastRunOfItem) => Promise<T>,
): Promise<T> {
	const shared = LAST_RUNS.get(services) ?? new LastRun(services.staticData, type, services.today);
	if (!LAST_RUNS.has(services)) services.onSuccess(() => shared.save());
	LAST_RUNS.set(services, shared);
	const item = shared.item();
	let hasSucceeded = false;
	try {
		const result = await work(item);
		hasSucceeded = true;
		return result;
	} finally {
		if (!hasSucceeded) item.fail();
	}
}

async function fetchSince(
	lastRun: LastRunOfItem,
	athlete: User,
	query: Query,
	services: Services,
	timeline: Timeline<JsonObject>,
): Promise<Coverage> {
	const user = await services.describe(athlete, { longestWaitMs: query.longestWaitMs });
	// A person who has connected again is the same person.
	const owner = ownerKey(user)!;
	const seen: Seen = {
		accept: (identity, record, day) => lastRun.accept(owner, identity, record, day),
	};
	const range = lastRun.begin(owner);
	const coverage = await fetchRange(range, user, query, services, timeline, seen);
	if (!coverage.isComplete) lastRun.miss(owner);
	return coverage;
}
