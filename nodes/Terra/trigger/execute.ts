import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { withoutRepeated } from '../inbox';
import { withStoredFiles } from './files';

/** n8n calls this at the start of each execution, with the items of `webhook()`. */
export async function startExecution(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return [await withStoredFiles(this, await withoutRepeated(this))];
}
