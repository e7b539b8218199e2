import type { IExecuteFunctions } from 'n8n-workflow';
import type { UserError } from '../terra/userError';
import { clock } from '../transport';
import type { Answer, AnswerKind } from './answer';
import { nodeIdOf } from './inbox';
import { putLast } from './memory';

/** When something last happened, in Unix milliseconds, and why. */
export interface Note {
	at: number;
	/** The answer to Terra, which says nothing about anybody's ride. */
	reason: string;
}

/** What happened to the deliveries to one trigger. */
export interface LastDeliveries {
	workflow: string;
	accepted?: Note;
	filtered?: Note & { kind: AnswerKind };
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

export function triggerOf(context: Pick<IExecuteFunctions, 'getNode' | 'getWorkflow'>): Trigger {
	const { id, name } = context.getWorkflow();
	const node = context.getNode();
	return {
		nodeId: nodeIdOf(context, node),
		workflow: name ?? id ?? '',
		credential: node.credentials?.terraApi?.id ?? '',
	};
}

/** The result of the last pass of a trigger that asks Terra itself. */
export interface LastPass {
	node: string;
	workflow: string;
	/** When it ended, in Unix milliseconds. */
	at: number;
	/** How many records it started. */
	started: number;
	/** Sentences about what it left out; they say nothing about anybody's ride. */
	notes: readonly string[];
	/** Why it could not finish. */
	problem?: UserError;
	/** A sentence saying that n8n's memory did not go back far enough, possibly in an earlier pass. */
	shortfall?: string;
}

/** Far more triggers than any n8n has; the least recently used are forgotten first. */
const MAX_TRIGGERS = 1_000;

/**
 * In this process only: static data slows down every delivery. With separate webhook processes,
 * the process in which Check Set-Up runs knows nothing.
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

/** A delivery that starts nothing but is answered 200 was left out; any other was refused, and Terra retries it. */
export function noteAnswer(trigger: Trigger, { status, text, kind }: Answer): void {
	const note = { at: clock.now(), reason: text, kind };
	const what = status === 200 ? { filtered: note } : { refused: note };
	put(trigger, { ...notesOf(trigger), ...what });
}

/** The triggers with this credential, the one that heard from Terra last at the end. */
export function lastDeliveriesOf(credential: string): LastDeliveries[] {
	return [...known.values()].filter((one) => one.credential === credential);
}

function notesOf({ nodeId, workflow }: Trigger): LastDeliveries {
	return { isProven: false, ...known.get(nodeId), workflow };
}

function put({ nodeId, credential }: Trigger, notes: LastDeliveries): void {
	putLast(known, nodeId, { ...notes, credential }, MAX_TRIGGERS);
}

const passes = new Map<string, LastPass & { credential: string }>();

export function notePass(
	{ nodeId, ...trigger }: Trigger & Pick<LastPass, 'node'>,
	pass: Omit<LastPass, 'at' | 'node' | 'workflow'>,
): void {
	const shortfall = pass.shortfall ?? passes.get(nodeId)?.shortfall;
	putLast(passes, nodeId, { ...trigger, ...pass, at: clock.now(), shortfall }, MAX_TRIGGERS);
}

/** Call it when a trigger is deactivated. */
export const forgetPasses = (nodeId: string): void => void passes.delete(nodeId);

/** For the triggers with this credential. */
export function lastPassesOf(credential: string): LastPass[] {
	return [...passes.values()].filter((one) => one.credential === credential);
}
