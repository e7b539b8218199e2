import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { parseEvent } from '../terra/events';
import { filteredBy, splitProviders } from './filters';
import { toItems, type DeliveryDetails } from './items';
import { parseSignature, splitSecrets, verifySignature } from './signature';

/** The parts of n8n's own request that Express does not have. */
interface N8nRequest {
	body?: unknown;
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
	headers: Record<string, string | string[] | undefined>;
}

/** An answer without an execution. */
class Answer {
	constructor(
		readonly status: 200 | 400 | 401 | 503,
		readonly text: string,
	) {}
}

/**
 * Takes one delivery. Terra repeats whatever is not answered with 2xx and disables the destination after a
 * day of failures, so everything that is kept, or rightly dropped, is a 200.
 *
 * An exception would make n8n answer 500 and store a failed execution: none leaves this function.
 */
export async function receiveDelivery(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const outcome = await handle.call(this);
		return outcome instanceof Answer ? answer.call(this, outcome) : outcome;
	} catch (error) {
		this.logger.error('Terra Trigger could not take a delivery; Terra will send it again', {
			error,
		});
		return answer.call(this, new Answer(503, 'not kept: n8n could not handle it, see its log'));
	}
}

async function handle(this: IWebhookFunctions): Promise<IWebhookResponseData | Answer> {
	const request = this.getRequestObject() as unknown as N8nRequest;

	const refusal = await refuseUnlessGenuine.call(this, request);
	if (refusal) return refusal;

	const event = parseEvent(await bodyOf(request));
	if (!event)
		return new Answer(400, 'The body is not a Terra event: it must be JSON with a "type".');

	const filtered = filteredBy(event, {
		events: this.getNodeParameter('events') as string[],
		providers: splitProviders(
			this.getNodeParameter('provider', '*', { extractValue: true }) as string,
		),
	});
	if (filtered) return new Answer(200, `filtered: ${filtered}`);

	const items = toItems(event, deliveryDetails(request.headers));
	if (items.length === 0) return new Answer(200, `ignored: ${event.type} without data`);

	setTextType.call(this);
	return {
		workflowData: [this.helpers.returnJsonArray(items as IDataObject[])],
		webhookResponse: 'started',
	};
}

/** @returns the 401 that a delivery earns unless Terra signed exactly these bytes */
async function refuseUnlessGenuine(
	this: IWebhookFunctions,
	request: N8nRequest,
): Promise<Answer | undefined> {
	if (this.getNodeParameter('options.verifySignature', true) === false) return undefined;

	const header = request.headers['x-terra-signature'] ?? request.headers['terra-signature'];
	if (!header) {
		return new Answer(401, 'The X-Terra-Signature header is missing.');
	}
	const signature = parseSignature(header);
	if (!signature) {
		return new Answer(401, 'The X-Terra-Signature header is not of the form t=…,v1=….');
	}

	const { signingSecrets } = await this.getCredentials('terraApi');
	const secrets = splitSecrets(signingSecrets);
	if (secrets.length === 0) {
		return new Answer(
			401,
			'No Signing Secret is set in the Terra API credential of this workflow.',
		);
	}

	const rawBody = await rawBodyOf(request);
	if (rawBody === undefined) {
		return new Answer(401, 'The body cannot be verified in this content type: send JSON.');
	}
	if (!verifySignature(signature, rawBody, secrets)) {
		return new Answer(
			401,
			'The signature does not match: either the Signing Secret is of another destination or environment, or something between Terra and n8n changed the body.',
		);
	}
	return undefined;
}

/** n8n keeps the bytes for the content types that it parses; for others they wait to be read. */
async function rawBodyOf(request: N8nRequest): Promise<Buffer | undefined> {
	if (!request.rawBody) await request.readRawBody?.().catch(() => undefined);
	return request.rawBody;
}

/** The parsed body; n8n has done the work already where the content type says JSON. */
async function bodyOf(request: N8nRequest): Promise<unknown> {
	if (typeof request.body === 'object' && request.body !== null) return request.body;
	const text = (await rawBodyOf(request))?.toString('utf8') ?? '';
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function deliveryDetails(headers: N8nRequest['headers']): DeliveryDetails {
	const text = (name: string) => {
		const value = headers[name];
		return typeof value === 'string' && value !== '' ? value : null;
	};
	const emitted = Number(text('x-terra-ordering-timestamp') ?? NaN);
	return {
		trace_id: text('x-terra-trace-id'),
		reference: text('terra-reference'),
		ordering_timestamp: Number.isFinite(emitted) ? emitted : null,
	};
}

function answer(this: IWebhookFunctions, { status, text }: Answer): IWebhookResponseData {
	this.logger.debug(`Terra Trigger answered ${status}: ${text}`);
	setTextType.call(this);
	if (status === 200) return { webhookResponse: text };

	// n8n would overwrite the status of a response that it sends itself.
	this.getResponseObject().status(status).send(text).end();
	return { noWebhookResponse: true };
}

/** Express takes text for HTML otherwise. */
function setTextType(this: IWebhookFunctions) {
	this.getResponseObject().type('text/plain');
}
