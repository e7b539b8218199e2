import type { IExecuteFunctions, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { sendAnswer, type Answer } from '../inbox';
import { nodeError } from '../n8n';
import { asObject } from '../terra/json';
import { UserError } from '../terra/userError';

/** Next to `json` in the item, passed from `webhook()` to `execute()`. */
const ANSWER = 'terraAnswer';

/**
 * Answers without starting the workflow. While the editor listens, an execution begins all the same and ends at the
 * trigger: otherwise the person would see nothing and keep waiting.
 */
export function answerOnly(context: IWebhookFunctions, answer: Answer): IWebhookResponseData {
	const response = sendAnswer(context, answer);
	if (context.getMode() !== 'manual') return response;
	return { ...response, workflowData: [[{ json: {}, [ANSWER]: { ...answer } as never }]] };
}

/** @throws NodeOperationError that says why the delivery starts nothing, if it does not */
export function explainUnstarted(context: IExecuteFunctions): void {
	const [item] = context.getInputData();
	const { status, text, kind } = asObject(item?.[ANSWER]);
	if (typeof text !== 'string') return;
	throw nodeError(context.getNode(), explain(status, text, kind));
}

function explain(status: unknown, text: string, kind: unknown): UserError {
	const answered = `The answer to Terra was: ${String(status)} ${text}`;
	if (status !== 200) {
		const what =
			status === 401 ? 'The delivery was refused (401)' : 'The delivery was not accepted';
		return new UserError(`${what}: ${firstSentence(text)}`, answered);
	}
	const reason = firstSentence(text.replace(/^\w+: /, ''));
	if (kind !== 'leftOut') {
		return new UserError(`The delivery arrived and starts nothing: ${reason}`, answered);
	}
	return new UserError(
		`The delivery arrived and was left out: ${reason}`,
		`Change that field of this node if you want such deliveries, and listen again. ${answered}`,
	);
}

function firstSentence(text: string): string {
	return text.split(/[:.] /)[0]!.replace(/\.$/, '');
}
