import type {
	DeduplicationItemTypes,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

/** n8n's deduplication table, kept in memory for each node of each workflow. */
const tables = new WeakMap<object, Map<string, DeduplicationItemTypes[]>>();

/** The keys that a node has recorded. */
export function notedKeys(workflow: object, nodeId: string): DeduplicationItemTypes[] {
	const ofWorkflow = tables.get(workflow) ?? new Map<string, DeduplicationItemTypes[]>();
	tables.set(workflow, ofWorkflow);
	const keys = ofWorkflow.get(nodeId) ?? [];
	ofWorkflow.set(nodeId, keys);
	return keys;
}

/** The keys that an execution records for a record that has begun. */
export const noted = (key: string): string[] => [key, `${key} begun`];

const of = ({ workflow, node }: ICheckProcessedContextData) => notedKeys(workflow, node!.id);

/** n8n's deduplicator, but without the database. */
export const deduplicator = {
	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		_scope: unknown,
		context: ICheckProcessedContextData,
		{ maxEntries = Infinity }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const keys = of(context);
		const known = new Set(keys);
		const added = items.filter((item) => !known.has(item));
		keys.push(...added);
		keys.splice(0, Math.max(0, keys.length - maxEntries));
		return { new: added, processed: items.filter((item) => known.has(item)) };
	},
	async getProcessedDataCount(
		_scope: unknown,
		context: ICheckProcessedContextData,
	): Promise<number> {
		return of(context).length;
	},
	async removeProcessed(
		items: DeduplicationItemTypes[],
		_scope: unknown,
		context: ICheckProcessedContextData,
	): Promise<void> {
		const gone = new Set(items);
		const keys = of(context);
		keys.splice(0, keys.length, ...keys.filter((key) => !gone.has(key)));
	},
} as unknown as IDataDeduplicator;
