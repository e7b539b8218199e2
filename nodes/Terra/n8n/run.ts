import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { mapOrdered } from '../history';
import type { Operation, Output } from './operation';
import type { SeenKeys } from './seenKeys';
import { UserError } from '../terra/userError';
import { nodeError } from './errors';
import { itemParameters } from './parameters';
import { createServices } from './services';

/** How many items to process at a time. */
const CONCURRENCY = 4;

type Operations = Readonly<Record<string, readonly Operation[]>>;

/** Runs the chosen operation for each input item. */
export async function runOperation(
	context: IExecuteFunctions,
	operations: Operations,
): Promise<INodeExecutionData[]> {
	const resource = context.getNodeParameter('resource', 0) as string;
	const name = context.getNodeParameter('operation', 0) as string;
	const operation = operations[resource]?.find(({ option }) => option.value === name);
	if (!operation) {
		const next = `Choose one of the operations of the resource '${resource}'.`;
		throw nodeError(context.getNode(), new UserError(`There is no operation '${name}' here`, next));
	}
	const { services, readContext, toNote, showHints } = createServices(context, resource);
	// A notice has no value.
	const names = operation.fields.filter(({ type }) => type !== 'notice').map((field) => field.name);

	const runItem = async (item: number): Promise<Produced[]> => {
		try {
			const parameters = itemParameters(context, names, item);
			const input = operation.read(parameters, readContext);
			const outputs = await operation.run(input, services);
			return outputs.map((output) => ({
				item: toItem(context, output, item),
				once: output.once,
			}));
		} catch (error) {
			const isCancelled = context.getExecutionCancelSignal()?.aborted === true;
			if (isCancelled || !context.continueOnFail()) {
				throw nodeError(context.getNode(), error, item);
			}
			const next = error instanceof UserError ? error.next : '';
			const text = [(error as Error).message, next].filter(Boolean).join('. ');
			const failure = nodeError(context.getNode(), error, item);
			const json = { error: text };
			return [{ item: { json, error: failure as never, pairedItem: { item } } }];
		}
	};

	const items = await mapOrdered(context.getInputData().keys(), CONCURRENCY, runItem);
	const output = await notSeenBefore(items.flat(), toNote, services.seen).catch(
		(error: unknown) => {
			throw nodeError(context.getNode(), error);
		},
	);
	if (output.length === 0 && operation.emptyHint) services.hint(operation.emptyHint);
	showHints();
	return output;
}

interface Produced {
	item: INodeExecutionData;
	/** @see Output */
	once?: string;
}

/**
 * Leaves out what was seen before. Called only when nothing else can fail, since a noted key counts as returned.
 *
 * @param toNote other keys to note, in the same call: if a second call failed, the keys of the first would be lost
 * @throws UserError if n8n cannot answer
 */
async function notSeenBefore(
	produced: Produced[],
	toNote: string[],
	seen: SeenKeys,
): Promise<INodeExecutionData[]> {
	const keys = [...new Set([...produced.flatMap(({ once }) => once ?? []), ...toNote])];
	let known: Set<string>;
	try {
		known = await seen.note(keys);
	} catch (error) {
		const next = `Nothing was returned; the next run will return it. n8n says: ${(error as Error).message}`;
		return await Promise.reject(
			new UserError("n8n's database could not say what was seen before", next),
		);
	}
	return produced.flatMap(({ item, once }) => {
		if (once === undefined) return [item];
		if (known.has(once)) return [];
		known.add(once);
		return [item];
	});
}

function toItem(
	context: IExecuteFunctions,
	{ json, binary, error }: Output,
	item: number,
): INodeExecutionData {
	return {
		json: json as IDataObject,
		...(binary && { binary }),
		...(error && { error: nodeError(context.getNode(), error, item) as never }),
		pairedItem: { item },
	};
}
