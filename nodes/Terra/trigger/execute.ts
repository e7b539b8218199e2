import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { answerQuestion, questionIn, withoutRepeated } from '../inbox';
import { withStoredFiles } from './files';
import { explainUnstarted } from './unstarted';

/** n8n calls this at the start of each execution, with the items of `webhook()` or of a catch-up. */
export async function startExecution(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	explainUnstarted(this);
	const question = questionIn(this);
	if (!question) return [await withStoredFiles(this, await withoutRepeated(this))];
	try {
		await answerQuestion(this, question);
	} catch (error) {
		this.logger.warn("Terra Trigger could not look into n8n's deduplication table", { error });
	}
	return [[]];
}
