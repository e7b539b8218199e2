import { Answer, openInbox, REPEATED, type Inbox } from '../inbox';
import { parseEvent, type TerraEvent } from '../terra/events';
import { authenticate, type Authentic } from './authenticate';
import { takeIn, type Start } from './intake';
import { readPing, type Download } from './ping';
import { bodyOf, deliveryDetails, type N8nRequest } from './request';
import type { SigningSecrets } from './secrets';
import type { TriggerSettings } from './settings';

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
	const arrival = { event, details, ids, source: 'webhook' } as const;
	return await takeIn(arrival, settings, inbox, ({ settle }) => delivery.onAnswered(settle));
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
