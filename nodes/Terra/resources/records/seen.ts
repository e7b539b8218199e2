import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';

/**
 * What this node has returned before, kept by n8n in its database, as its Remove Duplicates node does. The
 * memory belongs to the node, so that no other node of the workflow can spoil it.
 */
const SCOPE = 'node';

const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: 50_000 };

/** @returns those of the keys that are new, and remembers them */
export async function rememberUnseen(
	this: IExecuteFunctions,
	keys: string[],
): Promise<Set<string>> {
	if (keys.length === 0) return new Set();
	const result = await this.helpers.checkProcessedAndRecord(keys, SCOPE, OPTIONS);
	return new Set(result.new as string[]);
}

export async function forgetSeen(this: IExecuteFunctions, keys: string[]): Promise<void> {
	if (keys.length > 0) await this.helpers.removeProcessed(keys, SCOPE, OPTIONS);
}

export async function forgetAllSeen(this: IExecuteFunctions): Promise<void> {
	await this.helpers.clearAllProcessedItems(SCOPE, OPTIONS);
}
