import type { IHttpRequestOptions, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import {
	Answer,
	Batches,
	batchesOf,
	inboxOf,
	nodeIdOf,
	noteAccepted,
	noteAnswer,
	openInbox,
	sendStarted,
	triggerOf,
	type Batch,
	type Inbox,
	type StoredMemory,
} from '../inbox';
import { triggerParameters } from '../n8n';
import { UserError } from '../terra/userError';
import { handleDelivery, type Delivery } from './delivery';
import type { Download } from './ping';
import type { N8nRequest } from './request';
import { signingSecrets } from './secrets';
import {
	readSettings,
	readVerifySignature,
	SETTING_FIELDS,
	type TriggerSettings,
} from './settings';
import { answerOnly } from './unstarted';

/**
 * Receives one delivery. Terra retries whatever is not answered with 2xx and disables the destination after a day of
 * failures, so everything that is accepted, or correctly dropped, gets a 200.
 *
 * An exception would make n8n answer 500 and store a failed execution: none leaves this function.
 */
export async function receiveDelivery(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const start = await handleDelivery(deliveryOf(this));
		const outcome = start instanceof Answer ? start : await batchesFor(this).start(start);
		if (!(outcome instanceof Answer)) {
			noteOnceStored(this, outcome);
			return sendStarted(this, outcome);
		}
		if (outcome.kind === 'dropped' || outcome.status === 503) {
			this.logger.warn(`Terra Trigger answered ${outcome.status}: ${outcome.text}`);
		}
		return answer(this, outcome);
	} catch (error) {
		this.logger.error('Terra Trigger could not handle a delivery; Terra will retry it', { error });
		const reason =
			error instanceof UserError ? error.message : "n8n could not handle it, see n8n's log";
		return answer(this, new Answer(503, `not kept: ${reason}`));
	}
}

/** Answers, and notes it for Check Set-Up, unless another delivery starts the ride: then this one was not left out. */
function answer(context: IWebhookFunctions, given: Answer): IWebhookResponseData {
	if (given.kind !== 'elsewhere') noteAnswer(triggerOf(context), given);
	return answerOnly(context, given);
}

function noteOnceStored(context: IWebhookFunctions, batch: Batch): void {
	const isSigned = readVerifySignature(context.getNodeParameter('options', {}));
	const trigger = triggerOf(context);
	void batch.settled.then(() => {
		if (batch.state === 'stored') noteAccepted(trigger, isSigned);
	});
}

function deliveryOf(context: IWebhookFunctions): Delivery {
	const options = context.getNodeParameter('options', {});
	return {
		request: context.getRequestObject() as unknown as N8nRequest,
		mustBeSigned: readVerifySignature(options),
		signingSecrets: signingSecrets(context),
		settings: () => settingsFor(context),
		inbox: () => inboxFor(context),
		download: downloadWith(context),
	};
}

/** In a test, people want to see the ride at once. */
function settingsFor(context: IWebhookFunctions): TriggerSettings {
	const parameters = triggerParameters(context, SETTING_FIELDS);
	const settings = readSettings(parameters, context.getTimezone());
	return context.getMode() === 'manual'
		? { ...settings, settlesAfterMinutes: undefined }
		: settings;
}

/** While testing, the same event is sent again and again on purpose. */
function inboxFor(context: IWebhookFunctions): Inbox {
	if (context.getMode() === 'manual') return openInbox;
	return inboxOf(nodeIdOf(context), context.getWorkflowStaticData('node') as StoredMemory);
}

function batchesFor(context: IWebhookFunctions): Batches {
	return context.getMode() === 'manual' ? new Batches() : batchesOf(nodeIdOf(context));
}

function downloadWith({ helpers }: IWebhookFunctions): Download {
	return async (url, timeoutMs, abortSignal) => {
		const request: IHttpRequestOptions = {
			url,
			encoding: 'stream',
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
			timeout: timeoutMs,
			abortSignal,
		};
		return (await helpers.httpRequest(request)) as Awaited<ReturnType<Download>>;
	};
}
