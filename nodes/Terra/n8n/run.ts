import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { mapOrdered } from '../history';
import type { Operation, Output } from './operation';
import { UserError } from '../terra/userError';
import { nodeError } from './errors';
import { itemParameters } from './parameters';
import { createServices } from './services';

/** How many items are worked on at a time. */
const CONCURRENCY = 4;

type Operations = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** Runs the chosen operation for each input item. */
export async function runOperation(
	context: IExecuteFunctions,
	operations: Operations,
): Promise<INodeExecutionData[]> {
	const resource = context.getNodeParameter('resource', 0) as string;
	const name = context.getNodeParameter('operation', 0) as string;
	const operation = operations[resource]?.[name];
	if (!operation) {
		const next = `Choose one of the operations of the resource '${resource}'.`;
		throw nodeError(context.getNode(), new UserError(`There is no operation '${name}' here`, next));
	}
	const { services, readContext, succeeded, showHints } = createServices(context, resource);

	const runItem = async (item: number): Promise<INodeExecutionData[]> => {
		try {
			const parameters = itemParameters(context, operation.fields, item);
			const input = operation.read(parameters, readContext);
			const outputs = await operation.run(input, services);
			return outputs.map((output) => toItem(context, output, item));
		} catch (error) {
			const isCancelled = context.getExecutionCancelSignal()?.aborted === true;
			if (isCancelled || !context.continueOnFail()) {
				throw nodeError(context.getNode(), error, item);
			}
			const next = error instanceof UserError ? error.next : '';
			const text = [(error as Error).message, next].filter(Boolean).join('. ');
			const failure = nodeError(context.getNode(), error, item);
			return [{ json: { error: text }, error: failure as never, pairedItem: { item } }];
		}
	};

	const items = await mapOrdered(context.getInputData().keys(), CONCURRENCY, runItem);
	const output = items.flat();
	succeeded();
	if (output.length === 0 && operation.emptyHint) services.hint(operation.emptyHint);
	showHints();
	return output;
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
