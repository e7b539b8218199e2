import type { UserError } from '../terra/userError';
import { clock } from '../transport';
import type { Answer } from './answer';
import { putLast } from './memory';

/** When something last happened, in Unix milliseconds, and why. */
export interface Note {
	at: number;
	/** As Terra was answered, so nothing about anybody's ride. */
	reason: string;
}

/** What became of the deliveries to one trigger. */
export interface LastDeliveries {
	workflow: string;
	accepted?: Note;
	filtered?: Note;
	refused?: Note;
	/** Whether a signature has been verified: the signing secret is the right one. */
	isProven: boolean;
}

interface Trigger {
	nodeId: string;
	workflow: string;
	/** n8n's ID of the Terra API credential. */
	credential: string;
}

/** What the last pass of a trigger came to, which asks Terra by itself. */
export interface LastPass {
	node: string;
	workflow: string;
	/** When it ended, in Unix milliseconds. */
	at: number;
	/** Records that it started the workflow with. */
	started: number;
	/** In sentences, nothing about anybody's ride: what it left out. */
	notes: readonly string[];
	/** Why it could not be finished. */
	problem?: UserError;
	/** That n8n did not remember for long enough, also of an earlier pass. */
	shortfall?: string;
}

/** Far more triggers than one n8n has; the longest unused are forgotten first. */
const MOST_TRIGGERS = 1_000;

/**
 * In this process only: what is written into static data slows down every delivery. With webhook processes of their
 * own, the process in which Check Set-Up runs knows nothing.
 */
const known = new Map<string, LastDeliveries & { credential: string }>();

/** When this process began to take notes, in Unix milliseconds. */
export const notesSince = clock.now();

/** @param isSigned whether the delivery had to be signed */
export function noteAccepted(trigger: Trigger, isSigned: boolean): void {
	const before = notesOf(trigger);
	const accepted = { at: clock.now(), reason: 'started the workflow' };
	put(trigger, { ...before, accepted, isProven: before.isProven || isSigned });
}

/** An answer of 2xx to what starts nothing is a filter's; Terra repeats all others. */
export function noteAnswer(trigger: Trigger, { status, text }: Answer): void {
	const note = { at: clock.now(), reason: text };
	const what = status === 200 ? { filtered: note } : { refused: note };
	put(trigger, { ...notesOf(trigger), ...what });
}

/** Of the triggers with this credential: the one that heard from Terra last comes last. */
export function lastDeliveriesOf(credential: string): LastDeliveries[] {
	return [...known.values()].filter((one) => one.credential === credential);
}

function notesOf({ nodeId, workflow }: Trigger): LastDeliveries {
	return { isProven: false, ...known.get(nodeId), workflow };
}

function put({ nodeId, credential }: Trigger, notes: LastDeliveries): void {
	putLast(known, nodeId, { ...notes, credential }, MOST_TRIGGERS);
}

const passes = new Map<string, LastPass & { credential: string }>();

export function notePass(
	{ nodeId, ...trigger }: Trigger & Pick<LastPass, 'node'>,
	pass: Omit<LastPass, 'at' | 'node' | 'workflow'>,
): void {
	const shortfall = pass.shortfall ?? passes.get(nodeId)?.shortfall;
	putLast(passes, nodeId, { ...trigger, ...pass, at: clock.now(), shortfall }, MOST_TRIGGERS);
}

/** Of a trigger that is withdrawn. */
export const forgetPasses = (nodeId: string): void => void passes.delete(nodeId);

/** Of the triggers with this credential. */
export function lastPassesOf(credential: string): LastPass[] {
	return [...passes.values()].filter((one) => one.credential === credential);
}
