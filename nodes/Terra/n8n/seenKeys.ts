import type { IExecuteFunctions } from 'n8n-workflow';
import { createLimit } from '../history';

/**
 * What earlier executions of a node have noted in n8n's deduplication table. It is the same in every process and across
 * restarts, unlike the workflow's static data, which a worker of n8n 2.41 replaces as a whole.
 */
export interface SeenKeys {
	/** Notes keys, except in a manual test. @returns those that were there before */
	note(keys: string[]): Promise<Set<string>>;
	/**
	 * Looks up keys of one kind; the first one is noted whenever any other is.
	 *
	 * @returns those that are there; only the first if an earlier search was interrupted, which leaves the rest uncertain
	 */
	find(keys: [string, ...string[]]): Promise<Set<string>>;
}

/** Beyond this the oldest are forgotten: enough for twenty rides each of five thousand athletes. */
const MAX_KEYS = 100_000;

const OPTIONS = { mode: 'entries', maxEntries: MAX_KEYS } as const;

export function seenKeysOf(context: IExecuteFunctions): SeenKeys {
	const { checkProcessedAndRecord, removeProcessed } = context.helpers;
	const isTest = context.getMode() === 'manual';

	const note = async (keys: string[]) => {
		if (keys.length === 0) return new Set<string>();
		const askOnce = async () => await checkProcessedAndRecord(keys, 'node', OPTIONS);
		// If two executions make the node's first entry at the same moment, n8n refuses one.
		const { processed } = await askOnce().catch(askOnce);
		return new Set(processed as string[]);
	};
	const forget = async (keys: string[]) => {
		if (keys.length > 0) await removeProcessed(keys, 'node', OPTIONS);
	};
	// n8n cannot look up a key without noting it.
	const ask = async (keys: string[]) => {
		const known = await note(keys);
		await forget(keys.filter((key) => !known.has(key)));
		return known;
	};
	const search = async (keys: [string, ...string[]]) => {
		const [first, ...others] = keys;
		// In the table only during a search, or after one that failed or crashed and so left keys that were never noted.
		const searching = `searching ${first}`;
		const known = await note([searching, ...keys]);
		const isCutShort = known.has(searching);
		const found = isCutShort ? new Set([first]) : known;
		await forget([...(isCutShort ? others : keys.filter((key) => !known.has(key))), searching]);
		return found;
	};
	// Otherwise two items of one execution would mistake each other's search for an interrupted one.
	const oneAtATime = createLimit(1);
	return {
		note: isTest ? ask : note,
		find: async (keys) => await oneAtATime(async () => await search(keys)),
	};
}
