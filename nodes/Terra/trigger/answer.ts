import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

/** An answer without an execution. Terra repeats whatever is not a 2xx. */
export class Answer {
	constructor(
		readonly status: 200 | 400 | 401 | 503,
		readonly text: string,
	) {}
}

export function answer(this: IWebhookFunctions, { status, text }: Answer): IWebhookResponseData {
	this.logger.debug(`Terra Trigger answered ${status}: ${text}`);
	answerInText.call(this);
	if (status === 200) return { webhookResponse: text };

	// n8n would overwrite the status of a response that it sends itself.
	this.getResponseObject().status(status).send(text);
	return { noWebhookResponse: true };
}

/** Express takes text for HTML otherwise. */
export function answerInText(this: IWebhookFunctions) {
	this.getResponseObject().type('text/plain');
}
