import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * What earlier executions of a node have noted, in n8n's deduplication table: the same in every process and over
 * restarts, and not with the workflow's static data, which a worker of n8n 2.41 replaces as a whole.
 */
export interface SeenKeys {
	/** Notes keys. @returns those that were there before. In a test by hand nothing stays. */
	note(keys: string[]): Promise<Set<string>>;
	/** @returns those that are there */
	find(keys: string[]): Promise<Set<string>>;
}

/** The oldest are forgotten beyond this: some four weeks of the rides of five thousand athletes. */
const MOST_KEYS = 100_000;

const OPTIONS = { mode: 'entries', maxEntries: MOST_KEYS } as const;

export function seenKeysOf(context: IExecuteFunctions): SeenKeys {
	const { checkProcessedAndRecord, removeProcessed } = context.helpers;
	const isTest = context.getMode() === 'manual';

	const note = async (keys: string[]) => {
		if (keys.length === 0) return new Set<string>();
		const ask = async () => await checkProcessedAndRecord(keys, 'node', OPTIONS);
		// Of two executions that make the node's first entry at the same moment, n8n refuses one.
		const { processed } = await ask().catch(ask);
		return new Set(processed as string[]);
	};
	// n8n can only ask and note in one.
	const find = async (keys: string[]) => {
		const known = await note(keys);
		const added = keys.filter((key) => !known.has(key));
		if (added.length > 0) await removeProcessed(added, 'node', OPTIONS);
		return known;
	};
	return { note: isTest ? find : note, find };
}
