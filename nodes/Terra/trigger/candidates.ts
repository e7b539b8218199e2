import { Coverage, forAthletes, type HistoryRun } from '../history';
import { stateOf } from '../output';
import type { Day } from '../terra/days';
import { DATA_TYPES, type DataType, type TerraEvent } from '../terra/events';
import { fingerprint } from '../terra/fingerprint';
import { asObject, asText, type JsonObject } from '../terra/json';
import { timesOf, type RecordTimes } from '../terra/recordTimes';
import { instant, parseTime, secondsBetween, type Time } from '../terra/times';
import { asUserError, UserError } from '../terra/userError';
import {
	clock,
	createDirectory,
	mergeUser,
	TerraError,
	type Client,
	type User,
} from '../transport';
import { memoryKey } from './intake';
import { isAbout, select } from './select';
import type { Filters } from './settings';
import { Answer } from '../inbox';
import { DAY_MS } from '../terra/durations';

/** A record at Terra that passes the filters, whether or not it has started the workflow. */
export interface Candidate {
	/** Like a delivery of this one record. */
	event: TerraEvent;
	/** Its key in the inbox. */
	key: string;
	/** Changes when the record does. */
	version: string;
	/** The earliest that it may have ended, in Unix milliseconds. */
	ended: number;
}

export interface Search {
	filters: Filters;
	/** Unix milliseconds: nothing that ended earlier. */
	since: number;
	/** Unix milliseconds: then the search ends, and the pass starts what it has found. */
	until: number;
	/** How long ago it must have ended, to let the webhook win. */
	endedForMs?: number;
	/** Whether records of a state, such as deleted, are wanted. */
	withStates: boolean;
	/** Whether to ask about an athlete. */
	isDue(athlete: User): boolean;
	/** Of the workflow. */
	timezone: string;
	client: Client;
	history: HistoryRun;
}

/** The longest wait for one request; the next pass gets what is missing then. */
const LONGEST_WAIT_MS = 30_000;
/** After failing for so many athletes in a row, assume that Terra is down. */
const MOST_FAILURES_IN_A_ROW = 40;
/** The farthest from UTC that a time without an offset can be. */
const MOST_OFFSET_MINUTES = 14 * 60;
const LEAST_OFFSET_MINUTES = -12 * 60;
/** A record of today ends tomorrow at the latest. */
const MOST_AHEAD_MS = 2 * DAY_MS;

/** Those of the trigger's types that Terra can be asked for. */
export function typesToAsk({ events }: Filters): DataType[] {
	return DATA_TYPES.filter((type) => events.includes('*') || events.includes(type));
}

/** What a search could not find out. */
export interface Unknown {
	/** Why it is incomplete: Terra was down, or refused. */
	problem?: UserError;
	/** For how many athletes something failed, and why for the first. */
	athletes: number;
	reason?: TerraError;
	/** How many of Terra's users have no ID. */
	unnamed: number;
	/** Records that could not be read. */
	unreadable: number;
}

/** Asks Terra for what should have arrived, athlete by athlete. A failure for one does not affect the others. */
export async function findCandidates(
	search: Search,
	onCandidate: (candidate: Candidate) => Promise<void>,
): Promise<Unknown> {
	const missing = new Map<unknown, TerraError>();
	const unknown: Unknown = { athletes: 0, unnamed: 0, unreadable: 0 };
	const describe = createDirectory(search.client);
	const unsupported: UserError[] = [];
	const types = typesToAsk(search.filters);
	for (const type of types) {
		try {
			for (const { json, error } of await findOfType(type)) {
				// Without an athlete it is the end of the list.
				if (json.user_id === undefined) unknown.problem ??= error;
				else missing.set(json.user_id, error);
			}
		} catch (error) {
			// One type may fail while others work, and Xert has nothing but activities.
			if (isUnsupported(error)) unsupported.push(error);
			else unknown.problem ??= asUserError(error);
			if (!(error instanceof TerraError) || error.reason === 'credential') break;
		}
	}
	if (unsupported.length === types.length) unknown.problem ??= unsupported[0];
	const [reason] = missing.values();
	return { ...unknown, athletes: missing.size, reason };

	async function findOfType(type: DataType) {
		let answered = 0;
		let failuresInARow = 0;
		const items = await forAthletes(
			{ providers: search.filters.providers },
			{
				services: { ...search, hint: () => {}, continueOnFail: true },
				dataType: type,
				ifDaysMissing: 'return',
				longestWaitMs: LONGEST_WAIT_MS,
				onUnnamed: (count) => (unknown.unnamed = Math.max(unknown.unnamed, count)),
				fetch: async (athlete) => {
					if (clock.now() > search.until) throw TOO_LONG;
					const coverage = await findOf(type, athlete);
					answered += coverage.answered;
					if (coverage.answered > 0) failuresInARow = 0;
					else if (isOutage(coverage.error)) failuresInARow++;
					// Otherwise it would wait for each of thousands.
					if (failuresInARow >= MOST_FAILURES_IN_A_ROW) throw isDown(coverage.error!);
					return coverage;
				},
			},
		);
		if (items[0] && answered === 0) unknown.problem ??= items[0].error;
		return items;
	}

	async function findOf(type: DataType, athlete: User): Promise<Coverage> {
		const { filters, history } = search;
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
			const candidate = attempt(() => candidateOf(type, event.record, user, { ...search, since }));
			if (candidate === 'failed') unknown.unreadable++;
			else if (candidate) await onCandidate(candidate);
		}
		return coverage;
	}
}

/** One bad record must not stop the rest. */
function attempt<T>(task: () => T): T | 'failed' {
	try {
		return task();
	} catch {
		return 'failed';
	}
}

/** A failure that everybody would get now, after a long wait. A refusal concerns one athlete. */
const isOutage = (error: TerraError | undefined): boolean =>
	error?.reason === 'silent' || /^(408|429|5..)$/.test(error?.httpCode ?? '');

/** No athlete has such data. */
const isUnsupported = (error: unknown): error is TerraError =>
	error instanceof TerraError && error.reason === 'unsupported';

const TOO_LONG = new UserError(
	'Asking Terra about everybody took longer than an hour',
	'What was found has been brought.',
);

const isDown = ({ message, next }: TerraError): UserError => new UserError(message, next);

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

/** The end, or the start if that is more useful: either may be missing, in the far future, or in the wrong order. */
function endOf({ start, end }: RecordTimes): Time | null {
	const isPast = (time: Time | null) =>
		time !== null && earliest(time) <= clock.now() + MOST_AHEAD_MS;
	if (!isPast(start) || !isPast(end)) return isPast(start) ? start : (end ?? start);
	return secondsBetween(start, end) === null ? start : end;
}

const earliest = (time: Time) => instant(time, MOST_OFFSET_MINUTES);
const latest = (time: Time) => instant(time, LEAST_OFFSET_MINUTES);

/** 0 if Terra does not say. */
function connectedAt({ created_at }: User): number {
	const time = parseTime(asText(asObject({ created_at }).created_at));
	return time ? instant(time, 0) : 0;
}

const dayOf = (at: number): Day => new Date(at).toISOString().slice(0, 10);

/**
 * The same candidate with its samples, for figures and files; unchanged if Terra does not return them.
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
	// If the day is missing, or wrong because of the device, take the one on which the ride ended.
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
