import {
	NodeApiError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type JsonObject as N8nJsonObject,
} from 'n8n-workflow';
import type { JsonObject } from '../terra/json';
import { sideBySide } from '../history/turns';

export type ItemResult<T> = { value: T } | { error: INodeExecutionData };

/**
 * Does the work for each input item, a few side by side, and keeps the items' order.
 *
 * @returns for each item its result, or the item that n8n's "On Error: Continue" asks for
 */
export async function itemByItem<T>(
	context: IExecuteFunctions,
	atOnce: number,
	work: (itemIndex: number) => Promise<T>,
): Promise<Array<ItemResult<T>>> {
	const results: Array<ItemResult<T>> = [];
	await sideBySide(context.getInputData().keys(), atOnce, async (item) => {
		try {
			results[item] = { value: await work(item) };
		} catch (error) {
			const isCancelled = context.getExecutionCancelSignal()?.aborted === true;
			if (isCancelled || !context.continueOnFail()) {
				// An error of n8n's own kind comes back as it is.
				throw new NodeApiError(context.getNode(), error as N8nJsonObject, { itemIndex: item });
			}
			const { message } = error as Error;
			results[item] = { error: { json: { error: message }, pairedItem: { item } } };
		}
	});
	return results;
}

/** The node's output, where the work has made items already. */
export function itemsOf(results: Array<ItemResult<INodeExecutionData[]>>): INodeExecutionData[] {
	return results.flatMap((result) => ('error' in result ? [result.error] : result.value));
}

/** The node's output: what `jsonOf` makes of each result, linked to the item that it came from. */
export function outputOf<T>(
	results: Array<ItemResult<T>>,
	jsonOf: (value: T) => JsonObject[],
): INodeExecutionData[] {
	return results.flatMap((result, item) => {
		if ('error' in result) return [result.error];
		return jsonOf(result.value).map((json) => ({
			json: json as IDataObject,
			pairedItem: { item },
		}));
	});
}
