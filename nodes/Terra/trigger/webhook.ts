import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { recordKey } from '../terra/identity';
import { readShape } from '../output';
import { parseEvent, type TerraEvent } from '../terra/events';
import type { JsonObject } from '../terra/json';
import { Answer, answer, answerInText } from './answer';
import { withFile } from './attachedFile';
import { deliveriesOf, type Claim, type Deliveries, type StoredMemory } from '../inbox/deliveries';
import { filterEvent } from './filters';
import { eventItem, recordItem, wholeEventItem, type DeliveryDetails } from './items';
import { filtersOf, splitList, type Options } from './options';
import { fetchPayload } from './ping';
import { bodyOf, deliveryDetails, whenAnswered, type N8nRequest } from './request';
import { verify } from './verify';

const CLOCK_TOLERANCE_MS = 3_600_000;

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

/** What the workflow is started with, and the claim to it where repetitions are dropped. */
interface Start {
	items: INodeExecutionData[];
	claim: Claim | undefined;
}

/** @returns what to start the workflow with, or why it is not started */
async function handle(this: IWebhookFunctions): Promise<Start | Answer> {
	const request = this.getRequestObject() as unknown as N8nRequest;
	const options = this.getNodeParameter('options', {}) as Options;

	const genuine = await verify.call(this, request, options);
	if (genuine instanceof Answer) return genuine;

	const details = deliveryDetails(request.headers);
	// The trace ID is not signed: who replays a delivery can change it, but not what was signed.
	const ids = [details.trace_id ?? [], genuine.digest ?? []].flat();
	const memory = memoryOf.call(this, options);
	if (memory?.hasAny(ids)) return new Answer(200, 'repeated');

	const event = await eventOf.call(this, request, options);
	if (event instanceof Answer) return event;
	if (!event)
		return new Answer(400, 'The body is not a Terra event: it must be JSON with a "type".');

	const filtered = filterEvent(event, filtersOf.call(this));
	if ('keptOut' in filtered) return new Answer(200, filtered.keptOut);
	const records = (filtered.records ?? []).map((data) => ({ data, key: memoryKey(event, data) }));

	const claim = await memory?.claim({
		ids,
		recordKeys: records.flatMap(({ key }) => key ?? []),
		emitted: emissionTime(details),
	});
	if (memory && !claim) return new Answer(200, 'repeated');
	if (claim) whenAnswered(this.getResponseObject(), claim.settle);

	const items = filtered.records
		? await recordItems.call(this, event, records, claim, details, options)
		: [itemOf(eventItem(event, details, readShape(this)))];
	if (items.length === 0) {
		// Others may have left it to this delivery to write down what was seen.
		claim?.store(this.getWorkflowStaticData('node'));
		return new Answer(200, 'filtered: emitted before, in this version or a later one');
	}
	return { items, claim };
}

/** The header is not signed: a time from the future would make every later version look outdated. */
function emissionTime({ ordering_timestamp: time }: DeliveryDetails): number | undefined {
	return time !== null && time <= Date.now() + CLOCK_TOLERANCE_MS ? time : undefined;
}

interface KeyedRecord {
	data: JsonObject;
	/** The same for every version of the record; null if Terra gave it no identity. */
	key: string | null;
}

/** The items for the versions that are wanted. */
async function recordItems(
	this: IWebhookFunctions,
	event: TerraEvent,
	records: KeyedRecord[],
	claim: Claim | undefined,
	details: DeliveryDetails,
	options: Options,
): Promise<INodeExecutionData[]> {
	const emitsUpdates = this.getNodeParameter('emit') !== 'new';
	const wanted = records.flatMap(({ data, key }) => {
		const status = claim && key !== null ? claim.versionOf(key) : null;
		if (status === 'outdated' && !options.emitOutdated) return [];
		if (status === 'updated' && !emitsUpdates) return [];
		return [{ data, status }];
	});
	if (wanted.length > 0 && options.onePerEvent) {
		const whole = wanted.map(({ data }) => data);
		return [itemOf(wholeEventItem(event, whole, details))];
	}
	const shape = readShape(this);
	const format = event.type === 'activity' ? options.attachFile : undefined;
	const items: INodeExecutionData[] = [];
	for (const { data, status } of wanted) {
		const json = recordItem(event, data, status, details, shape);
		items.push(await withFile.call(this, json, format, data, event.body.user, shape));
	}
	return items;
}

function memoryKey({ type, body }: TerraEvent, record: JsonObject): string | null {
	const key = recordKey(type, record, body.user);
	return key && `${type} ${key}`;
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

/** @returns undefined while testing, where the same event is sent again and again on purpose */
function memoryOf(this: IWebhookFunctions, { dropRepeated }: Options): Deliveries | undefined {
	if (dropRepeated === false || this.getMode() === 'manual') return undefined;
	const deliveries = deliveriesOf(`${this.getWorkflow().id}:${this.getNode().id}`);
	deliveries.recall(this.getWorkflowStaticData('node') as StoredMemory);
	return deliveries;
}

function itemOf(json: JsonObject): INodeExecutionData {
	return { json: json as IDataObject };
}

function start(this: IWebhookFunctions, { items, claim }: Start): IWebhookResponseData {
	answerInText.call(this);
	this.logger.debug(`Terra Trigger starts the workflow with ${items.length} item(s)`);
	const stored = this.getWorkflowStaticData('node') as StoredMemory;
	return {
		workflowData: [items],
		// n8n asks for this once it has stored the execution, just before it saves the static data. What is written
		// into the static data earlier is not saved: n8n 2.41 forgets that it has changed when it starts a workflow.
		get webhookResponse() {
			claim?.store(stored);
			return 'started';
		},
	};
}
