import { createLimit } from '../history';
import {
	Answer,
	MAX_ASKED,
	questionOf,
	type begunIn,
	type Inbox,
	type TableAnswer,
} from '../inbox';
import { asUserError, UserError } from '../terra/userError';
import { clock } from '../transport';
import {
	findCandidates,
	withSamples,
	type Candidate,
	type Search,
	type SearchIssues,
} from './candidates';
import type { Emitter } from './emission';
import { takeIn, type Arrival, type Asked } from './intake';
import type { Source } from './present';
import { NO_DELIVERY } from './request';
import type { TriggerSettings } from './settings';
import type { Beginning } from './watched';
import { HOUR_MS } from '../terra/durations';

/** An accepted delivery may still be in n8n's queue: only after this time does one that has not begun count as lost. */
const QUEUED_MS = HOUR_MS;
/** How many missing records to hold at a time; the others are looked up again once these have begun. */
const MAX_HELD = 2_000;
/** After this many executions in a row that n8n did not begin, the pass ends. */
const MAX_FAILURES_IN_A_ROW = 3;

export interface Pass {
	search: Search;
	settings: TriggerSettings;
	source: Source;
	beginning: Beginning;
	inbox: Inbox;
	/** Records that have begun, as far as this process knows. */
	begun: ReturnType<typeof begunIn>;
	/** Marks found missing by earlier passes and not started yet: the table may have forgotten the proof since. */
	knownMissing: Set<string>;
	/** Marks of records that could not be started, which therefore come last. */
	failed: Set<string>;
	emitter: Emitter;
	/** Whether every version of a record is wanted, not only the first. */
	withUpdates: boolean;
	/** Whether a candidate may start yet. */
	isReady(candidate: Candidate): boolean;
	/** Aborts when the trigger is deactivated, or the pass has taken too long. */
	signal: AbortSignal;
}

/** The result of a pass. */
export interface PassResult {
	/** How many records it has started. */
	started: number;
	issues: SearchIssues;
	/** How many records n8n may have forgotten: they are left out rather than started twice. */
	leftOut: number;
	/** They ended before this time, in Unix milliseconds. */
	reachedBackTo: number;
	/** Why it has to be repeated soon. */
	problem?: UserError;
	/** Whether it found more than one pass can hold. */
	isMore: boolean;
}

/** The result before anything is done. */
export const nothingDone = (reachedBackTo: number): PassResult => ({
	started: 0,
	issues: { athletes: 0, unnamed: 0, unreadable: 0 },
	leftOut: 0,
	reachedBackTo,
	isMore: false,
});

/**
 * Starts the workflow for every record at Terra that has not begun to run. What has begun is in n8n's deduplication table,
 * so this also finds deliveries that n8n accepted and then lost together with their execution.
 *
 * It looks everything up before the first execution starts, since executions push earlier keys out of the table.
 */
export async function runPass(pass: Pass): Promise<PassResult> {
	const { search, inbox, begun, knownMissing } = pass;
	const oneAtATime = createLimit(1);
	const missing = new Map<string, Candidate>();
	let candidates: Candidate[] = [];
	const result = nothingDone(search.since);
	const hold = (candidate: Candidate) => {
		const mark = markOf(candidate, pass);
		knownMissing.add(mark);
		if (missing.has(mark) || missing.size < MAX_HELD) missing.set(mark, candidate);
		else result.isMore = true;
	};
	const askAll = async () => {
		const batch = eachOnce(candidates, pass);
		candidates = [];
		if (batch.length > 0) await ask(batch, pass, result, hold);
	};
	const issues = await findCandidates(search, async (candidate) => {
		if (begun.has(markOf(candidate, pass))) return;
		if ((inbox.acceptedAt(candidate.key) ?? 0) > clock.now() - QUEUED_MS) return;
		if (!pass.isReady(candidate)) return;
		if (knownMissing.has(markOf(candidate, pass))) return hold(candidate);
		candidates.push(candidate);
		if (candidates.length >= MAX_ASKED) await oneAtATime(askAll);
	});
	result.issues = issues;
	result.problem = (await orError(askAll())) ?? issues.problem;
	await startAll([...missing.values()], pass, result);
	for (const mark of knownMissing) if (begun.has(mark)) knownMissing.delete(mark);
	return result;
}

/** Asks n8n's table which of the candidates are missing for certain. @throws UserError if n8n does not answer */
async function ask(
	candidates: Candidate[],
	pass: Pass,
	result: PassResult,
	hold: (candidate: Candidate) => void,
): Promise<void> {
	const { beginning, begun, emitter } = pass;
	const marks = candidates.map((candidate) => markOf(candidate, pass));
	const keys = candidates.map(({ key }) => key);
	const answer = await emitter.ask(questionOf([...new Set([...marks, ...keys])]));
	if (!answer) throw BUSY;

	const certainSince = certaintyOf(answer, beginning, begun.completeSince);
	const settled = keys.filter((key) => answer.has(key));
	for (const candidate of candidates) {
		const mark = markOf(candidate, pass);
		if (!answer.has(mark) && candidate.ended >= certainSince) {
			hold(candidate);
			continue;
		}
		settled.push(mark);
		if (answer.has(mark)) continue;
		result.leftOut++;
		const reached = Math.min(certainSince, clock.now());
		result.reachedBackTo = Math.max(result.reachedBackTo, reached);
	}
	begun.note(settled, clock.now());
}

/** Everything that began since this time is known, in Unix milliseconds: when in doubt, nothing starts twice. */
function certaintyOf(
	{ completeSince = Infinity, isFull, runsHere }: TableAnswer,
	{ needsProof }: Beginning,
	processCompleteSince: number,
): number {
	if (!isFull && !needsProof) return -Infinity;
	return runsHere ? Math.min(completeSince, processCompleteSince) : completeSince;
}

/** Oldest first, but earlier failures last: a record that n8n does not begin stays missing, and must not stop others. */
async function startAll(missing: Candidate[], pass: Pass, result: PassResult): Promise<void> {
	const { begun, failed, signal } = pass;
	const hasFailed = (candidate: Candidate) => Number(failed.has(markOf(candidate, pass)));
	missing.sort((a, b) => hasFailed(a) - hasFailed(b) || a.ended - b.ended);
	let failuresInARow = 0;
	for (const candidate of missing) {
		if (signal.aborted) return;
		const mark = markOf(candidate, pass);
		// The ride may have started already, from the athlete's other connection.
		if (begun.has(mark)) continue;
		const outcome = await start(candidate, pass).catch((error: Error) => error);
		if (!(outcome instanceof Error)) {
			if (outcome) result.started++;
			failed.delete(mark);
			failuresInARow = 0;
			continue;
		}
		failed.add(mark);
		result.problem ??= asUserError(outcome);
		// If a ride cannot be turned into an item, n8n is not at fault.
		if (outcome === BUSY && ++failuresInARow >= MAX_FAILURES_IN_A_ROW) return;
	}
}

/** What is noted once the candidate has begun. */
const markOf = ({ key, version }: Candidate, { withUpdates }: Pass): string =>
	withUpdates ? `${key} ${version}` : key;

/** Two connections of a person can have the same ride, and an answer can contain it twice: the last one counts. */
function eachOnce(candidates: readonly Candidate[], pass: Pass): Candidate[] {
	return [...new Map(candidates.map((candidate) => [markOf(candidate, pass), candidate])).values()];
}

/** @returns whether an execution has begun */
async function start(candidate: Candidate, pass: Pass): Promise<boolean> {
	const { settings, source, inbox, begun, emitter, search } = pass;
	const { key } = candidate;
	const event = needsSamples(candidate, settings)
		? await withSamples(candidate, search)
		: candidate.event;
	const mark = markOf(candidate, pass);
	const asked: Asked = { status: begun.has(key) ? 'updated' : 'new', mark };
	const arrival: Arrival = { event, details: NO_DELIVERY, ids: [], source, asked };
	const start = await takeIn(arrival, settings, inbox);
	// A delivery of the same record is in progress.
	if (start instanceof Answer) return false;
	let hasBegun = false;
	await emitter.start(start.items[0]!, mark, (isBegun) => {
		hasBegun = isBegun;
		start.admission.settle(isBegun);
	});
	if (!hasBegun) throw BUSY;
	begun.note([key, mark], clock.now());
	return true;
}

/** Whether it needs samples, for figures or a file. */
export const needsSamples = (
	{ event }: Candidate,
	{ attachFile, view: { simplify, figures } }: TriggerSettings,
): boolean =>
	event.type === 'activity' && (attachFile !== undefined || (simplify && figures.length > 0));

async function orError(task: Promise<void>): Promise<UserError | undefined> {
	return await task.then(
		() => undefined,
		(error: Error) => asUserError(error),
	);
}

const BUSY = new UserError(
	'n8n did not begin an execution within a minute',
	'The next pass will start what is missing.',
);
