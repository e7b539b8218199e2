import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { JsonObject } from '../terra/json';
import type { Patience } from '../transport/retry';
import { itemByItem, outputOf } from './items';
import { Run } from './run';

const AT_ONCE = 4;

const LONGEST_WAIT_MS = 60_000;

/** Does what takes a request or two for each input item: an item for each object that the work returns. */
export async function perItem(
	this: IExecuteFunctions,
	work: (itemIndex: number, patience: Patience) => Promise<JsonObject[]>,
): Promise<INodeExecutionData[]> {
	const patience = new Run(this, AT_ONCE).patience(LONGEST_WAIT_MS);
	const results = await itemByItem(this, AT_ONCE, async (item) => await work(item, patience));
	return outputOf(results, (objects) => objects);
}
