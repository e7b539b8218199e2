import { createLimit } from '../history';
import { Answer, MOST_ASKED, type begunIn, type Inbox, type TableAnswer } from '../inbox';
import { UserError } from '../terra/userError';
import { clock } from '../transport';
import { findCandidates, withSamples, type Candidate, type Search } from './candidates';
import type { Emitter } from './emission';
import { takeIn, type Arrival, type Asked } from './intake';
import type { Source } from './present';
import { NO_DELIVERY } from './request';
import type { TriggerSettings } from './settings';
import type { Beginning } from './watched';
import { HOUR_MS } from '../terra/durations';

/** n8n may still hold an execution in its queue: only after that a delivery without one counts as lost. */
const QUEUED_MS = HOUR_MS;

export interface Pass {
	search: Search;
	settings: TriggerSettings;
	source: Source;
	beginning: Beginning;
	inbox: Inbox;
	/** What has begun, as far as this process knows. */
	begun: ReturnType<typeof begunIn>;
	emitter: Emitter;
	/** Whether every version of a record is wanted, not only the first. */
	withUpdates: boolean;
	/** Whether a candidate is ready. */
	isReady(candidate: Candidate): boolean;
	/** Aborts when the trigger is withdrawn. */
	signal: AbortSignal;
}

/**
 * Starts the workflow for what Terra has and nothing has brought. What has begun is what n8n's deduplication table
 * holds: also a delivery that n8n accepted and then lost, with its execution, is found.
 *
 * @returns how many records have begun by it
 * @throws UserError if it cannot be finished
 */
export async function runPass(pass: Pass): Promise<number> {
	const { search, inbox, begun } = pass;
	const oneAtATime = createLimit(1);
	let candidates: Candidate[] = [];
	let started = 0;
	const settleAll = async () => {
		const batch = candidates;
		candidates = [];
		if (batch.length > 0) started += await settle(batch, pass);
	};
	await findCandidates(search, async (candidate) => {
		if (begun.has(markOf(candidate, pass))) return;
		if ((inbox.acceptedAt(candidate.key) ?? 0) > clock.now() - QUEUED_MS) return;
		if (!pass.isReady(candidate)) return;
		candidates.push(candidate);
		if (candidates.length >= MOST_ASKED) await oneAtATime(settleAll);
	});
	await settleAll();
	return started;
}

/** What a candidate is known by once it has begun. */
const markOf = ({ key, version }: Candidate, { withUpdates }: Pass): string =>
	withUpdates ? `${key} ${version}` : key;

async function settle(found: readonly Candidate[], pass: Pass): Promise<number> {
	const { beginning, begun, emitter, signal } = pass;
	const candidates = eachOnce(found, pass);
	const marks = candidates.map((candidate) => markOf(candidate, pass));
	const keys = candidates.map(({ key }) => key);
	const since = Math.min(...candidates.map(({ ended }) => ended));
	const answer = await emitter.ask({ recordKeys: [...new Set([...marks, ...keys])], since });
	if (!answer) throw BUSY;

	const missing = candidates.filter(
		(candidate) =>
			!answer.has(markOf(candidate, pass)) && isCertain(candidate.ended, answer, beginning),
	);
	const isMissing = new Set(missing.map((candidate) => markOf(candidate, pass)));
	begun.note(
		[...marks.filter((mark) => !isMissing.has(mark)), ...keys.filter((key) => answer.has(key))],
		clock.now(),
	);
	let started = 0;
	for (const candidate of missing.sort((a, b) => a.ended - b.ended)) {
		if (signal.aborted) break;
		// Its other connection may have been among those before.
		if (begun.has(markOf(candidate, pass))) continue;
		if (await start(candidate, pass)) started++;
	}
	return started;
}

/** Two connections of a person have the same ride, and one answer may have it twice: the later one counts. */
function eachOnce(candidates: readonly Candidate[], pass: Pass): Candidate[] {
	return [...new Map(candidates.map((candidate) => [markOf(candidate, pass), candidate])).values()];
}

/** Whether the table would know of it: if in doubt, nothing is brought twice. */
function isCertain(
	ended: number,
	{ completeSince, isFull }: TableAnswer,
	{ needsProof }: Beginning,
): boolean {
	if (completeSince !== undefined && ended >= completeSince) return true;
	if (needsProof) return false;
	return !isFull || completeSince === undefined;
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

const BUSY = new UserError(
	'n8n did not begin an execution within a minute',
	'What is missing comes with the next pass.',
);
