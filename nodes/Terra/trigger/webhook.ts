import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { recordKey } from '../output/simplify';
import { readShape } from '../shape';
import { parseEvent, type TerraEvent } from '../terra/events';
import { asText, type JsonObject } from '../terra/json';
import { withFile } from './attachedFile';
import { deliveriesOf, type Claim, type Deliveries, type StoredMemory } from './deliveries';
import { filterEvent, type Filters } from './filters';
import { eventItem, recordItem, wholeEventItem, type DeliveryDetails } from './items';
import { fetchPayload } from './ping';
import { signingSecrets } from './registration';
import { parseSignature, verifySignature, type Signature } from './signature';

/** The parts of n8n's own request that Express does not have. */
interface N8nRequest {
	body?: unknown;
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
	headers: Record<string, string | string[] | undefined>;
	ip?: string;
}

/** The fields under "Options". */
interface Options {
	allowedAddresses?: string;
	attachFile?: string;
	dropRepeated?: boolean;
	emitOutdated?: boolean;
	maxAgeHours?: number;
	onePerEvent?: boolean;
	payloadHosts?: string;
	verifySignature?: boolean;
}

/** An answer without an execution. */
class Answer {
	constructor(
		readonly status: 200 | 400 | 401 | 503,
		readonly text: string,
	) {}
}

const HOUR_MS = 3_600_000;
/** Terra repeats a delivery for about a day, and no source says whether it signs it anew each time. */
export const DEFAULT_MAX_AGE_HOURS = 48;

/**
 * Takes one delivery. Terra repeats whatever is not answered with 2xx and disables the destination after a
 * day of failures, so everything that is kept, or rightly dropped, is a 200.
 *
 * An exception would make n8n answer 500 and store a failed execution: none leaves this function.
 */
export async function receiveDelivery(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const outcome = await handle.call(this);
		if (outcome instanceof Answer) return answer.call(this, outcome);
		return start.call(this, outcome);
	} catch (error) {
		this.logger.error('Terra Trigger could not take a delivery; Terra will send it again', {
			error,
		});
		return answer.call(this, new Answer(503, "not kept: n8n could not handle it, see n8n's log"));
	}
}

/** @returns the items to start the workflow with, or why it is not started */
async function handle(this: IWebhookFunctions): Promise<INodeExecutionData[] | Answer> {
	const request = this.getRequestObject() as unknown as N8nRequest;
	const options = this.getNodeParameter('options', {}) as Options;

	const refusal = await refuse.call(this, request, options);
	if (refusal) return refusal;

	const details = deliveryDetails(request.headers);
	const memory = memoryOf.call(this, options);
	if (memory?.has(details.trace_id)) return new Answer(200, 'repeated');

	const event = await eventOf.call(this, request, options);
	if (event instanceof Answer) return event;
	if (!event)
		return new Answer(400, 'The body is not a Terra event: it must be JSON with a "type".');

	const filtered = filterEvent(event, filtersOf.call(this));
	if ('keptOut' in filtered) return new Answer(200, filtered.keptOut);
	const { records } = filtered;
	const keys = (records ?? []).map((record) => memoryKey(event, record));

	const claim = await memory?.claim({
		traceId: details.trace_id,
		recordKeys: keys.filter((key) => key !== null),
		emitted: details.ordering_timestamp ?? Date.now(),
	});
	if (memory && !claim) return new Answer(200, 'repeated');
	if (claim) whenAnswered(this.getResponseObject(), claim.settle);

	const shape = readShape(this);
	if (!records) return keep.call(this, claim, [itemOf(eventItem(event, details, shape))]);

	const emitsUpdates = this.getNodeParameter('emit') !== 'new';
	const wanted = records.flatMap((data, index) => {
		const key = keys[index] ?? null;
		const status = claim && key !== null ? claim.versionOf(key) : null;
		if (status === 'outdated' && !options.emitOutdated) return [];
		if (status === 'updated' && !emitsUpdates) return [];
		return [{ data, status }];
	});
	if (wanted.length === 0) {
		return new Answer(200, 'filtered: emitted before, in this version or a later one');
	}
	if (options.onePerEvent) {
		const whole = wanted.map(({ data }) => data);
		return keep.call(this, claim, [itemOf(wholeEventItem(event, whole, details))]);
	}
	const format = event.type === 'activity' ? options.attachFile : undefined;
	const items: INodeExecutionData[] = [];
	for (const { data, status } of wanted) {
		const json = recordItem(event, data, status, details, shape);
		items.push(await withFile.call(this, json, format, data, event.body.user, shape));
	}
	return keep.call(this, claim, items);
}

function memoryKey({ type, body }: TerraEvent, record: JsonObject): string | null {
	const key = recordKey(type, record, body.user);
	return key && `${type} ${key}`;
}

function keep(
	this: IWebhookFunctions,
	claim: Claim | undefined,
	items: INodeExecutionData[],
): INodeExecutionData[] {
	claim?.store(this.getWorkflowStaticData('node') as StoredMemory);
	return items;
}

/** @returns the 401 that a delivery earns unless Terra signed exactly these bytes, or the 200 for one out of date */
async function refuse(
	this: IWebhookFunctions,
	request: N8nRequest,
	options: Options,
): Promise<Answer | undefined> {
	if (!isAllowedAddress(request.ip, options.allowedAddresses)) {
		return new Answer(401, `The address ${request.ip} is not among the 'Allowed Addresses'.`);
	}
	if (options.verifySignature === false) return undefined;

	const header = request.headers['x-terra-signature'] ?? request.headers['terra-signature'];
	if (!header) return new Answer(401, 'The X-Terra-Signature header is missing.');
	const signature = parseSignature(header);
	if (!signature) {
		return new Answer(401, 'The X-Terra-Signature header is not of the form t=…,v1=….');
	}

	const secrets = await signingSecrets(this);
	if (secrets.length === 0) {
		return new Answer(
			401,
			'No Signing Secret is set in the Terra API credential of this workflow.',
		);
	}
	const rawBody = await rawBodyOf(request);
	if (!rawBody) {
		return new Answer(401, 'The body cannot be verified in this content type: send JSON.');
	}
	if (!verifySignature(signature, rawBody, secrets)) {
		return new Answer(
			401,
			'The signature does not match: either the Signing Secret is of another destination or environment, or something between Terra and n8n changed the body.',
		);
	}

	const age = ageInHours(signature);
	const maxAge = options.maxAgeHours ?? DEFAULT_MAX_AGE_HOURS;
	if (maxAge > 0 && age > maxAge) {
		// Not a 4xx: Terra would send it again and again, and disable the destination in the end.
		const text = `dropped: signed ${Math.floor(age)} hours ago`;
		this.logger.warn(`Terra Trigger ${text}, more than 'Maximum Age' allows`);
		return new Answer(200, text);
	}
	return undefined;
}

/** The address that n8n sees: behind a proxy it is the sender's only if n8n knows of the proxy (N8N_PROXY_HOPS). */
function isAllowedAddress(address: string | undefined, allowed: string | undefined): boolean {
	const list = splitList(allowed);
	return list.length === 0 || list.includes(String(address).replace(/^::ffff:/, ''));
}

/** `t` is in seconds; an older product of Terra's wrote milliseconds. */
function ageInHours({ timestamp }: Signature): number {
	const time = Number(timestamp);
	return (Date.now() - (time > 1e11 ? time : time * 1000)) / HOUR_MS;
}

/** The event, also where a ping only says where to fetch it; a 503 where that did not work. */
async function eventOf(
	this: IWebhookFunctions,
	request: N8nRequest,
	{ payloadHosts }: Options,
): Promise<TerraEvent | Answer | undefined> {
	const event = parseEvent(await bodyOf(request));
	if (event?.type !== 's3_payload') return event;

	const fetched = await fetchPayload.call(this, event, splitList(payloadHosts));
	const failure = 'failure' in fetched ? fetched.failure : undefined;
	const payload = 'payload' in fetched ? parseEvent(fetched.payload) : undefined;
	if (payload) return payload;
	const reason = failure ?? 'the payload is not a Terra event';
	this.logger.warn(`Terra Trigger did not take a ping; Terra will send it again: ${reason}`);
	return new Answer(503, `not kept: ${reason}`);
}

/** n8n keeps the bytes for the content types that it parses; for others they wait to be read. */
async function rawBodyOf(request: N8nRequest): Promise<Buffer | undefined> {
	if (!request.rawBody) await request.readRawBody?.().catch(() => undefined);
	return request.rawBody;
}

/** The parsed body; n8n has done the work already where the content type says JSON. */
async function bodyOf(request: N8nRequest): Promise<unknown> {
	if (typeof request.body === 'object' && request.body !== null) return request.body;
	try {
		return JSON.parse((await rawBodyOf(request))?.toString('utf8') ?? '');
	} catch {
		return undefined;
	}
}

/** @returns undefined while testing, where the same event is sent again and again on purpose */
function memoryOf(this: IWebhookFunctions, { dropRepeated }: Options): Deliveries | undefined {
	if (dropRepeated === false || this.getMode() === 'manual') return undefined;
	const deliveries = deliveriesOf(`${this.getWorkflow().id}:${this.getNode().id}`);
	deliveries.recall(this.getWorkflowStaticData('node') as StoredMemory);
	return deliveries;
}

function filtersOf(this: IWebhookFunctions): Filters {
	const provider = this.getNodeParameter('provider', '*', { extractValue: true }) as string;
	const filters = this.getNodeParameter('filters', {}) as {
		activityTypes?: number[];
		leaveOut?: number[];
		minDistance?: number;
		minDuration?: number;
		referenceIds?: string;
		userIds?: string;
	};
	return {
		events: this.getNodeParameter('events') as string[],
		providers: splitList(provider)
			.filter((name) => name !== '*')
			.map((name) => name.toUpperCase()),
		userIds: splitList(filters.userIds),
		referenceIds: splitList(filters.referenceIds),
		activityTypes: filters.activityTypes ?? [],
		unwantedUploads: filters.leaveOut ?? [],
		minSeconds: (filters.minDuration ?? 0) * 60,
		minMeters: (filters.minDistance ?? 0) * 1000,
	};
}

function deliveryDetails(headers: N8nRequest['headers']): DeliveryDetails {
	const emitted = Number(asText(headers['x-terra-ordering-timestamp']) ?? NaN);
	return {
		trace_id: asText(headers['x-terra-trace-id']) ?? null,
		terra_reference: asText(headers['terra-reference']) ?? null,
		ordering_timestamp: Number.isSafeInteger(emitted) && emitted >= 0 ? emitted : null,
	};
}

function splitList(text: unknown): string[] {
	return typeof text === 'string' ? text.split(/[\s,]+/).filter((part) => part !== '') : [];
}

/**
 * Tells whether n8n accepted the delivery: it has stored the execution before it answers 2xx (from n8n 2.8 on).
 * The response's own events would not do: none comes after a sender that has hung up.
 */
function whenAnswered(
	response: { statusCode: number; end: unknown },
	tell: (accepted: boolean) => void,
) {
	const end = response.end as (...args: unknown[]) => unknown;
	response.end = function (this: unknown, ...args: unknown[]) {
		tell(response.statusCode < 300);
		return end.apply(this, args);
	};
}

function itemOf(json: JsonObject): INodeExecutionData {
	return { json: json as IDataObject };
}

function start(this: IWebhookFunctions, items: INodeExecutionData[]): IWebhookResponseData {
	answerInText.call(this);
	this.logger.debug(`Terra Trigger starts the workflow with ${items.length} item(s)`);
	return {
		workflowData: [items],
		webhookResponse: 'started',
	};
}

function answer(this: IWebhookFunctions, { status, text }: Answer): IWebhookResponseData {
	this.logger.debug(`Terra Trigger answered ${status}: ${text}`);
	answerInText.call(this);
	if (status === 200) return { webhookResponse: text };

	// n8n would overwrite the status of a response that it sends itself.
	this.getResponseObject().status(status).send(text);
	return { noWebhookResponse: true };
}

/** Express takes text for HTML otherwise. */
function answerInText(this: IWebhookFunctions) {
	this.getResponseObject().type('text/plain');
}
