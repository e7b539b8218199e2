import type { INodeExecutionData } from 'n8n-workflow';
import { Answer, openInbox, REPEATED, withOrigin, type Admission, type Inbox } from '../inbox';
import { isMalformed, parseEvent, type TerraEvent } from '../terra/events';
import type { JsonObject } from '../terra/json';
import { recordKey } from '../terra/keys';
import { clock } from '../transport';
import { authenticate, type Authentic } from './authenticate';
import { readPing, type Download } from './ping';
import { stateOf } from '../output';
import { eventItem, recordItem } from './present';
import { bodyOf, deliveryDetails, type DeliveryDetails, type N8nRequest } from './request';
import type { SigningSecrets } from './secrets';
import { select } from './select';
import type { TriggerSettings } from './settings';

const CLOCK_TOLERANCE_MS = 3_600_000;
const TERRA_BEGAN_MS = Date.UTC(2020);

/** One delivery, and what it takes to handle it. */
export interface Delivery {
	request: N8nRequest;
	/** Whether it must be signed. */
	mustBeSigned: boolean;
	signingSecrets: SigningSecrets;
	settings(): TriggerSettings;
	inbox(): Inbox;
	download: Download;
	/** Called once n8n has answered; `accepted` says whether it stored the execution. */
	onAnswered(callback: (accepted: boolean) => void): void;
}

/** What the workflow is started with. */
export interface Start {
	items: INodeExecutionData[];
	admission: Admission;
}

/** @returns what to start the workflow with, or the answer why it is not started */
export async function handleDelivery(delivery: Delivery): Promise<Start | Answer> {
	const { request } = delivery;
	const authentic: Authentic | Answer = delivery.mustBeSigned
		? await authenticate(request, delivery.signingSecrets)
		: {};
	if (authentic instanceof Answer) return authentic;

	const details = deliveryDetails(request.headers);
	// The trace ID is not signed: who replays a delivery can change it, but not what was signed.
	const ids = [details.trace_id ?? [], authentic.digest ?? []].flat();
	const settings = delivery.settings();
	const inbox = settings.dropsRepeated ? delivery.inbox() : openInbox;
	if (inbox.hasSeen(ids)) return REPEATED;

	const event = await readEvent(request, settings, delivery.download);
	if (event instanceof Answer) return event;
	if (isMalformed(event)) {
		return new Answer(
			400,
			`The data of this ${event.type} is neither a record nor a list of records.`,
		);
	}
	const selection = select(event, settings.filters);
	if (selection instanceof Answer) return selection;

	const read = selection.records?.map((record) => ({
		record,
		key: memoryKey(event, record),
		state: stateOf(event.type, record),
	}));
	const records = read && settings.dropsRepeated ? withoutCopies(read) : read;
	const admission = await inbox.admit({
		ids,
		// A ride that waits to be confirmed is new once it is.
		recordKeys: (records ?? []).flatMap(({ key, state }) =>
			key === null || state === 'pending' ? [] : key,
		),
		emitted: emissionTime(details),
	});
	if (admission instanceof Answer) return admission;
	delivery.onAnswered(admission.settle);

	const mark = (item: INodeExecutionData, recordKey: string | null, isNew: boolean) =>
		admission.ids
			? withOrigin(item, { ids, recordKey, isNew, emitsUpdates: settings.emitsUpdates })
			: item;
	if (!records) {
		return { items: [mark(eventItem(event, details, settings), null, false)], admission };
	}
	const items: INodeExecutionData[] = [];
	const before = new Set<string | null>();
	for (const { record, key, state } of records) {
		const version = admission.versionOf(key);
		const status = version === 'new' && before.has(key) ? 'updated' : version;
		before.add(key);
		const isChange = status === 'updated' || state !== null;
		if (status === 'outdated' || (isChange && !settings.emitsUpdates)) continue;
		const item = recordItem(event, record, status, details, settings);
		items.push(mark(item, state === 'pending' ? null : key, status === 'new' && state === null));
	}
	if (items.length > 0) return { items, admission };
	// Others may have left it to this delivery to write what was seen.
	admission.store();
	return new Answer(200, 'filtered: emitted before, in this version or a later one');
}

/** The event, also where a ping only says where to fetch it. */
async function readEvent(
	request: N8nRequest,
	{ payloadHosts }: TriggerSettings,
	download: Download,
): Promise<TerraEvent | Answer> {
	const event = parseEvent(await bodyOf(request));
	if (!event) {
		return new Answer(400, 'The body is not a Terra event: it must be JSON with a "type".');
	}
	return event.type === 's3_payload' ? await readPing(event, payloadHosts, download) : event;
}

/**
 * The header is not signed: a time from the future would make every later version look outdated, and one from before
 * Terra existed (0, or seconds instead of milliseconds) would make its own.
 */
function emissionTime({ ordering_timestamp: time }: DeliveryDetails): number | undefined {
	if (time === null || time < TERRA_BEGAN_MS) return undefined;
	return time <= clock.now() + CLOCK_TOLERANCE_MS ? time : undefined;
}

/** The same record twice in one delivery is one; one that differs is an update of it. */
function withoutCopies<T extends { key: string | null; record: JsonObject }>(records: T[]): T[] {
	const keys = records.map(({ key }) => key);
	if (new Set(keys).size === keys.length) return records;
	const seen = new Set<string>();
	return records.filter(({ key, record }) => {
		if (key === null) return true;
		const version = `${key} ${JSON.stringify(record)}`;
		return !seen.has(version) && seen.add(version);
	});
}

/** The same for every version of a record; null if Terra gave it no identity. */
function memoryKey({ type, body }: TerraEvent, record: JsonObject): string | null {
	const key = recordKey(type, record, body.user);
	return key && `${type} ${key}`;
}
