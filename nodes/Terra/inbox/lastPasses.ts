import { clock } from '../transport';
import { MOST_NODES } from './inbox';
import { putLast } from './memory';

/** What came of a pass of a trigger that asks Terra. */
export interface Pass {
	/** Records that it started the workflow with. */
	started: number;
	/** In sentences, nothing about anybody's ride: what it left out. */
	notes: readonly string[];
	/** Why it could not be finished, and what to do. */
	problem?: { message: string; next: string };
	/** How far back it reached, in Unix milliseconds, where that was not far enough to tell what is missing. */
	reachedBackTo?: number;
}

/** The last pass of a trigger, and how far back the one reached that fell short last. */
export interface LastPass extends Pass {
	node: string;
	workflow: string;
	/** When it ended, in Unix milliseconds. */
	at: number;
	fellShortAt?: number;
}

interface Trigger {
	nodeId: string;
	node: string;
	workflow: string;
	/** n8n's ID of the Terra API credential. */
	credential: string;
}

/** In this process only, which is the leading one: it makes all passes. */
const known = new Map<string, LastPass & { credential: string }>();

export function notePass({ nodeId, ...trigger }: Trigger, pass: Pass): void {
	const at = clock.now();
	const { reachedBackTo, fellShortAt } = known.get(nodeId) ?? {};
	const short =
		pass.reachedBackTo === undefined ? { reachedBackTo, fellShortAt } : { fellShortAt: at };
	putLast(known, nodeId, { ...trigger, ...pass, at, ...short }, MOST_NODES);
}

/** Of a trigger that is withdrawn. */
export function forgetPasses(nodeId: string): void {
	known.delete(nodeId);
}

/** Of the triggers with this credential. */
export function lastPassesOf(credential: string): LastPass[] {
	return [...known.values()].filter((one) => one.credential === credential);
}
