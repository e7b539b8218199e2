import { createLimit } from '../history';
import {
	Answer,
	MOST_ASKED,
	questionOf,
	type begunIn,
	type Inbox,
	type TableAnswer,
} from '../inbox';
import { UserError } from '../terra/userError';
import { clock } from '../transport';
import {
	findCandidates,
	withSamples,
	type Candidate,
	type Search,
	type Unknown,
} from './candidates';
import type { Emitter } from './emission';
import { takeIn, type Arrival, type Asked } from './intake';
import type { Source } from './present';
import { NO_DELIVERY } from './request';
import type { TriggerSettings } from './settings';
import type { Beginning } from './watched';
import { HOUR_MS } from '../terra/durations';

/** n8n may still hold an execution in its queue: only after that a delivery without one counts as lost. */
const QUEUED_MS = HOUR_MS;
/** Missing records that are held at a time; the others are looked up again once these have begun. */
const MOST_HELD = 2_000;
/** After so many in a row that n8n did not begin it takes none. */
const MOST_FAILURES_IN_A_ROW = 3;

export interface Pass {
	search: Search;
	settings: TriggerSettings;
	source: Source;
	beginning: Beginning;
	inbox: Inbox;
	/** What has begun, as far as this process knows. */
	begun: ReturnType<typeof begunIn>;
	/** What the passes before have found missing and not brought: meanwhile the table may have forgotten the proof. */
	certain: Set<string>;
	/** What n8n did not begin, so that it comes last. */
	failed: Set<string>;
	emitter: Emitter;
	/** Whether every version of a record is wanted, not only the first. */
	withUpdates: boolean;
	/** Whether a candidate is ready. */
	isReady(candidate: Candidate): boolean;
	/** Aborts when the trigger is withdrawn. */
	signal: AbortSignal;
}

/** What a pass has come to. */
export interface PassResult {
	/** How many records have begun by it. */
	started: number;
	unknown: Unknown;
	/** Records that n8n may have forgotten, left out rather than brought twice. */
	leftOut: number;
	/** What ended before may have been among them, in Unix milliseconds. */
	reachedBackTo: number;
	/** Why it is to be repeated soon. */
	problem?: UserError;
	/** Whether there is more than one pass can hold. */
	isMore: boolean;
}

/**
 * Starts the workflow for what Terra has and nothing has brought. What has begun is what n8n's deduplication table
 * holds: also a delivery that n8n accepted and then lost, with its execution, is found.
 *
 * All is asked for before the first execution starts, since those push what came before out of the table.
 */
export async function runPass(pass: Pass): Promise<PassResult> {
	const { search, inbox, begun, certain } = pass;
	const oneAtATime = createLimit(1);
	const missing = new Map<string, Candidate>();
	let candidates: Candidate[] = [];
	const result: PassResult = {
		started: 0,
		unknown: { athletes: 0, unnamed: 0, unreadable: 0 },
		leftOut: 0,
		reachedBackTo: search.since,
		isMore: false,
	};
	const hold = (candidate: Candidate) => {
		const mark = markOf(candidate, pass);
		certain.add(mark);
		if (missing.has(mark) || missing.size < MOST_HELD) missing.set(mark, candidate);
		else result.isMore = true;
	};
	const askAll = async () => {
		const batch = eachOnce(candidates, pass);
		candidates = [];
		if (batch.length > 0) await ask(batch, pass, result, hold);
	};
	const unknown = await findCandidates(search, async (candidate) => {
		if (begun.has(markOf(candidate, pass))) return;
		if ((inbox.acceptedAt(candidate.key) ?? 0) > clock.now() - QUEUED_MS) return;
		if (!pass.isReady(candidate)) return;
		if (certain.has(markOf(candidate, pass))) return hold(candidate);
		candidates.push(candidate);
		if (candidates.length >= MOST_ASKED) await oneAtATime(askAll);
	});
	result.unknown = unknown;
	result.problem = (await orError(askAll())) ?? unknown.problem;
	await startAll([...missing.values()], pass, result);
	for (const mark of certain) if (begun.has(mark)) certain.delete(mark);
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

/** From when on everything that began is known, in Unix milliseconds: if in doubt, nothing is brought twice. */
function certaintyOf(
	{ completeSince = Infinity, isFull, runsHere }: TableAnswer,
	{ needsProof }: Beginning,
	processCompleteSince: number,
): number {
	if (!isFull && !needsProof) return -Infinity;
	return runsHere ? Math.min(completeSince, processCompleteSince) : completeSince;
}

/** Oldest first, and last what has failed before: what n8n does not begin stays missing, and must not stop the others. */
async function startAll(missing: Candidate[], pass: Pass, result: PassResult): Promise<void> {
	const { begun, failed, signal } = pass;
	const hasFailed = (candidate: Candidate) => Number(failed.has(markOf(candidate, pass)));
	missing.sort((a, b) => hasFailed(a) - hasFailed(b) || a.ended - b.ended);
	let failuresInARow = 0;
	for (const candidate of missing) {
		if (signal.aborted) return;
		const mark = markOf(candidate, pass);
		// Its other connection may have been among those before.
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
		// Of a ride of which no item can be made n8n knows nothing.
		if (outcome === BUSY && ++failuresInARow >= MOST_FAILURES_IN_A_ROW) return;
	}
}

/** What a candidate is known by once it has begun. */
const markOf = ({ key, version }: Candidate, { withUpdates }: Pass): string =>
	withUpdates ? `${key} ${version}` : key;

/** Two connections of a person have the same ride, and one answer may have it twice: the later one counts. */
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
	// A delivery of it is under way.
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

/** Whether figures or a file are to be made of it. */
export const needsSamples = (
	{ event }: Candidate,
	{ attachFile, view: { simplify, figures } }: TriggerSettings,
): boolean =>
	event.type === 'activity' && (attachFile !== undefined || (simplify && figures.length > 0));

const asUserError = (error: Error): UserError =>
	error instanceof UserError ? error : new UserError(error.message);

async function orError(task: Promise<void>): Promise<UserError | undefined> {
	return await task.then(
		() => undefined,
		(error: Error) => asUserError(error),
	);
}

const BUSY = new UserError(
	'n8n did not begin an execution within a minute',
	'What is missing comes with the next pass.',
);
