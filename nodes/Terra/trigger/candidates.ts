import { Coverage, forAthletes, type HistoryRun } from '../history';
import { stateOf } from '../output';
import type { Day } from '../terra/days';
import { DATA_TYPES, type DataType, type TerraEvent } from '../terra/events';
import { fingerprint } from '../terra/fingerprint';
import { asObject, asText, type JsonObject } from '../terra/json';
import { timesOf, type RecordTimes } from '../terra/recordTimes';
import { instant, parseTime, secondsBetween, type Time } from '../terra/times';
import { clock, createDirectory, mergeUser, type Client, type User } from '../transport';
import { memoryKey } from './intake';
import { isAbout, select } from './select';
import type { Filters } from './settings';
import { Answer } from '../inbox';
import { DAY_MS } from '../terra/durations';

/** A record that Terra has and the filters let pass, whether or not anything has brought it. */
export interface Candidate {
	/** As a delivery of this one record would be. */
	event: TerraEvent;
	/** As the inbox knows it. */
	key: string;
	/** Changes with what Terra says of it. */
	version: string;
	/** The earliest that it may have ended, in Unix milliseconds. */
	ended: number;
}

export interface Search {
	filters: Filters;
	/** Unix milliseconds: nothing that ended before. */
	since: number;
	/** How long ago it must have ended, where the webhook should win. */
	endedForMs?: number;
	/** Whether records of a state, such as deleted, are wanted. */
	withStates: boolean;
	/** Whether an athlete is to be asked about. */
	isDue(athlete: User): boolean;
	/** Of the workflow. */
	timezone: string;
	client: Client;
	history: HistoryRun;
	/** Told of how many athletes something could not be had. */
	onMissing(athletes: number): void;
}

/** The longest wait for one request; what is missing then comes with the next pass. */
const LONGEST_WAIT_MS = 30_000;
/** A time whose offset nobody knows may be so far from UTC. */
const MOST_OFFSET_MINUTES = 14 * 60;
const LEAST_OFFSET_MINUTES = -12 * 60;
/** A record of today ends tomorrow at the latest. */
const MOST_AHEAD_MS = 2 * DAY_MS;

/** The types that can be asked for, of those that the trigger waits for. */
export function typesToAsk({ events }: Filters): DataType[] {
	return DATA_TYPES.filter((type) => events.includes('*') || events.includes(type));
}

/**
 * Asks Terra for what should have come, athlete by athlete.
 *
 * @throws TerraError if Terra cannot be asked at all
 */
export async function findCandidates(
	search: Search,
	onCandidate: (candidate: Candidate) => Promise<void>,
): Promise<void> {
	const { filters, client, history, onMissing } = search;
	const describe = createDirectory(client);
	for (const type of typesToAsk(filters)) {
		await forAthletes(
			{ providers: filters.providers },
			{
				services: { client, history, hint: () => {}, continueOnFail: true },
				dataType: type,
				ifDaysMissing: 'return',
				longestWaitMs: LONGEST_WAIT_MS,
				fetch: async (athlete) => {
					const since = Math.max(search.since, connectedAt(athlete));
					const range = { from: dayOf(since), to: dayOf(clock.now()), isOpen: true } as const;
					const coverage = new Coverage(range);
					const about: TerraEvent = { type, body: { user: athlete } };
					if (!isAbout(about, filters.athletes) || !search.isDue(athlete)) return coverage;
					const query = {
						type,
						userId: athlete.user_id,
						range,
						order: 'oldest',
						withSamples: false,
						longestWaitMs: LONGEST_WAIT_MS,
					} as const;
					for await (const event of history.fetch(query)) {
						coverage.note(event);
						if (event.kind !== 'record') continue;
						const user = await describe(mergeUser(athlete, event.user));
						const candidate = candidateOf(type, event.record, user, { ...search, since });
						if (candidate) await onCandidate(candidate);
					}
					return coverage;
				},
			},
		).then((missing) => missing.length > 0 && onMissing(missing.length));
	}
}

function candidateOf(
	type: DataType,
	record: JsonObject,
	user: User,
	{ filters, since, endedForMs, withStates, timezone }: Search,
): Candidate | undefined {
	const event: TerraEvent = { type, body: { type, user, data: [record] } };
	const key = memoryKey(event, record);
	const ended = endOf(timesOf(type, record, timezone));
	if (key === null || !ended || earliest(ended) < since) return undefined;
	if (!withStates && stateOf(type, record) !== null) return undefined;
	if (endedForMs !== undefined && latest(ended) > clock.now() - endedForMs) return undefined;
	if (select(event, filters) instanceof Answer) return undefined;
	return { event, key, version: fingerprint(record), ended: earliest(ended) };
}

/** The end, or the start where that tells more: one of them may be missing, far ahead, or before the other. */
function endOf({ start, end }: RecordTimes): Time | null {
	const isPast = (time: Time | null) =>
		time !== null && earliest(time) <= clock.now() + MOST_AHEAD_MS;
	if (!isPast(start) || !isPast(end)) return isPast(start) ? start : (end ?? start);
	return secondsBetween(start, end) === null ? start : end;
}

const earliest = (time: Time) => instant(time, MOST_OFFSET_MINUTES);
const latest = (time: Time) => instant(time, LEAST_OFFSET_MINUTES);

/** 0 where Terra does not tell. */
function connectedAt({ created_at }: User): number {
	const time = parseTime(asText(asObject({ created_at }).created_at));
	return time ? instant(time, 0) : 0;
}

const dayOf = (at: number): Day => new Date(at).toISOString().slice(0, 10);

/**
 * The same candidate with its samples, for figures and files that are made of them; as it is where Terra does not tell.
 */
export async function withSamples(
	candidate: Candidate,
	{ history }: Pick<Search, 'history'>,
): Promise<TerraEvent> {
	const { event, key, ended } = candidate;
	const { type, body } = event;
	const [known] = body.data as [JsonObject];
	const { day } = timesOf(type, known, 'UTC');
	const user = body.user as User;
	// A day that is missing, or that a device has made up, is the one on which the ride ended.
	const ridden =
		day !== undefined && day <= dayOf(clock.now() + MOST_AHEAD_MS) ? day : dayOf(ended);
	const query = {
		type,
		userId: user.user_id,
		range: { from: ridden, to: ridden },
		order: 'oldest',
		withSamples: true,
		longestWaitMs: LONGEST_WAIT_MS,
	} as const;
	for await (const found of history.fetch(query)) {
		if (found.kind !== 'record' || memoryKey(event, found.record) !== key) continue;
		return { type, body: { ...body, data: [found.record] } };
	}
	return event;
}
