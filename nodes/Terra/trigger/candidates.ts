import { Coverage, forAthletes, type HistoryRun } from '../history';
import { stateOf } from '../output';
import type { Day } from '../terra/days';
import { DATA_TYPES, type DataType, type TerraEvent } from '../terra/events';
import { fingerprint } from '../terra/fingerprint';
import { asObject, asText, type JsonObject } from '../terra/json';
import { timesOf, type RecordTimes } from '../terra/recordTimes';
import { instant, parseTime, secondsBetween, type Time } from '../terra/times';
import { asUserError, UserError } from '../terra/userError';
import { clock, userCompleter, mergeUser, TerraError, type Client, type User } from '../transport';
import { memoryKey } from './intake';
import { isAbout, select } from './select';
import type { Filters } from './settings';
import { Answer } from '../inbox';
import { DAY_MS } from '../terra/durations';

/** A record at Terra that passes the filters, whether or not it has started the workflow. */
export interface Candidate {
	/** Like a delivery of this one record. */
	event: TerraEvent;
	/** Its key in the inbox, the same for every version. */
	key: string;
	/** Changes when the record does. */
	version: string;
	/** The earliest that it may have ended, in Unix milliseconds. */
	ended: number;
}

export interface Search {
	filters: Filters;
	/** Leaves out what ended earlier. Unix milliseconds. */
	since: number;
	/** When to end the search, so that the pass starts what was found. Unix milliseconds. */
	until: number;
	/** How long ago a record must have ended, so that the webhook comes first. */
	endedForMs?: number;
	/** Whether deleted and pending records are wanted. */
	withStates: boolean;
	/** Whether to ask about this athlete now. */
	isDue(athlete: User): boolean;
	/** Of the workflow. */
	timezone: string;
	client: Client;
	history: HistoryRun;
}

/** The longest wait for one request: the next pass gets what is then missing. */
const LONGEST_WAIT_MS = 30_000;
/** After failing for this many athletes in a row, assume that Terra is down. */
const MAX_FAILURES_IN_A_ROW = 40;
/** How far from UTC a time without an offset can be. */
const MAX_OFFSET_MINUTES = 14 * 60;
const MIN_OFFSET_MINUTES = -12 * 60;
/** A record of today ends tomorrow at the latest. */
const MAX_AHEAD_MS = 2 * DAY_MS;

/** The trigger's types that Terra can be asked for. */
export function typesToAsk({ events }: Filters): DataType[] {
	return DATA_TYPES.filter((type) => events.includes('*') || events.includes(type));
}

/** What went wrong in a search. */
export interface SearchIssues {
	/** Why it is incomplete: Terra was down, or refused. */
	problem?: UserError;
	/** For how many athletes a request failed, and why for the first. */
	athletes: number;
	reason?: TerraError;
	/** How many of Terra's users have no ID. */
	unnamed: number;
	/** How many records could not be read. */
	unreadable: number;
}

/** Asks Terra for what should have arrived, athlete by athlete. A failure for one does not affect the others. */
export async function findCandidates(
	search: Search,
	onCandidate: (candidate: Candidate) => Promise<void>,
): Promise<SearchIssues> {
	const missing = new Map<unknown, TerraError>();
	const issues: SearchIssues = { athletes: 0, unnamed: 0, unreadable: 0 };
	const completeUser = userCompleter(search.client);
	const unsupported: UserError[] = [];
	const types = typesToAsk(search.filters);
	for (const type of types) {
		try {
			for (const { json, error } of await findOfType(type)) {
				// An item without an athlete means that the list broke off.
				if (json.user_id === undefined) issues.problem ??= error;
				else missing.set(json.user_id, error);
			}
		} catch (error) {
			// One type may fail while others work: Xert has only activities.
			if (isUnsupported(error)) unsupported.push(error);
			else issues.problem ??= asUserError(error);
			if (!(error instanceof TerraError) || error.reason === 'credential') break;
		}
	}
	if (unsupported.length === types.length) issues.problem ??= unsupported[0];
	const [reason] = missing.values();
	return { ...issues, athletes: missing.size, reason };

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
				onUnnamed: (count) => (issues.unnamed = Math.max(issues.unnamed, count)),
				fetch: async (athlete) => {
					if (clock.now() > search.until) throw TOO_LONG;
					const coverage = await findOf(type, athlete);
					answered += coverage.answered;
					if (coverage.answered > 0) failuresInARow = 0;
					else if (isOutage(coverage.error)) failuresInARow++;
					// Otherwise it could wait for thousands of them.
					if (failuresInARow >= MAX_FAILURES_IN_A_ROW) throw isDown(coverage.error!);
					return coverage;
				},
			},
		);
		if (items[0] && answered === 0) issues.problem ??= items[0].error;
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
			const user = await completeUser(mergeUser(athlete, event.user), {
				longestWaitMs: LONGEST_WAIT_MS,
			});
			const candidate = attempt(() => candidateOf(type, event.record, user, { ...search, since }));
			if (candidate === 'failed') issues.unreadable++;
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

/** A failure that would hit everybody now, after a long wait. A refusal concerns only one athlete. */
const isOutage = (error: TerraError | undefined): boolean =>
	error?.reason === 'silent' || /^(408|429|5..)$/.test(error?.httpCode ?? '');

/** Whether no athlete has such data. */
const isUnsupported = (error: unknown): error is TerraError =>
	error instanceof TerraError && error.reason === 'unsupported';

const TOO_LONG = new UserError(
	'Asking Terra about all athletes took longer than an hour',
	'What was found by then still starts the workflow.',
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

/** The end, or else the start: either may be missing or in the far future, and they may be in the wrong order. */
function endOf({ start, end }: RecordTimes): Time | null {
	const isPast = (time: Time | null) =>
		time !== null && earliest(time) <= clock.now() + MAX_AHEAD_MS;
	if (!isPast(start) || !isPast(end)) return isPast(start) ? start : (end ?? start);
	return secondsBetween(start, end) === null ? start : end;
}

const earliest = (time: Time) => instant(time, MAX_OFFSET_MINUTES);
const latest = (time: Time) => instant(time, MIN_OFFSET_MINUTES);

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
	// If the device recorded no day or a wrong one, take the day on which the ride ended.
	const ridden = day !== undefined && day <= dayOf(clock.now() + MAX_AHEAD_MS) ? day : dayOf(ended);
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
