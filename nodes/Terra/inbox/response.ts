import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { Answer } from './answer';
import type { Batch } from './batches';

/** The parts of n8n's response that matter here. */
interface Response {
	statusCode: number;
	end: unknown;
}

/** Sends an answer without starting the workflow. */
export function sendAnswer(
	context: IWebhookFunctions,
	{ status, text }: Answer,
): IWebhookResponseData {
	context.logger.debug(`Terra Trigger answered ${status}: ${text}`);
	answerInText(context);
	if (status === 200) return { webhookResponse: text };

	// n8n would overwrite the status of a response that it sends itself.
	context.getResponseObject().status(status).send(text);
	return { noWebhookResponse: true };
}

/** Starts the workflow; n8n answers when it has stored the execution. */
export function sendStarted(context: IWebhookFunctions, batch: Batch): IWebhookResponseData {
	const { items } = batch;
	answerInText(context);
	onAnswered(context.getResponseObject(), (accepted) => batch.answered(accepted));
	context.logger.debug(
		`Terra Trigger starts the workflow with ${items.length} item(s) of ${batch.starts.length} delivery(s)`,
	);
	return {
		workflowData: [items],
		// n8n reads this after it has stored the execution, just before it saves the static data. Anything written to the
		// static data earlier is not saved: n8n 2.41 forgets that it has changed when it starts a workflow.
		get webhookResponse() {
			batch.store();
			return 'started';
		},
	};
}

/**
 * Calls back once it is known whether n8n accepted the delivery: from 2.8 on it stores the execution before it answers
 * 2xx. The response's own events are not enough: there are none once the sender has hung up.
 */
function onAnswered(response: Response, callback: (accepted: boolean) => void): void {
	const end = response.end as (...args: unknown[]) => unknown;
	response.end = function (this: unknown, ...args: unknown[]) {
		callback(response.statusCode < 300);
		return end.apply(this, args);
	};
}

/** Otherwise Express sends text as HTML. */
function answerInText(context: IWebhookFunctions) {
	context.getResponseObject().type('text/plain');
}
