import { Answer, openInbox, REPEATED, type Inbox, type Start } from '../inbox';
import { parseEvent } from '../terra/events';
import { clock } from '../transport';
import { authenticate, type Authentic } from './authenticate';
import { takeIn } from './intake';
import { readPing, type Download } from './ping';
import { bodyOf, deliveryDetails, releaseBody, type N8nRequest } from './request';
import type { SigningSecrets } from './secrets';
import type { TriggerSettings } from './settings';

/** One delivery, and what is needed to handle it. */
export interface Delivery {
	request: N8nRequest;
	/** Whether it must be signed. */
	mustBeSigned: boolean;
	signingSecrets: SigningSecrets;
	settings(): TriggerSettings;
	inbox(): Inbox;
	download: Download;
}

/** @returns what to start the workflow with, or the answer that says why not */
export async function handleDelivery(delivery: Delivery): Promise<Start | Answer> {
	const { request } = delivery;
	const arrived = clock.now();
	const authentic: Authentic | Answer = delivery.mustBeSigned
		? await authenticate(request, delivery.signingSecrets)
		: {};
	if (authentic instanceof Answer) return authentic;

	const details = deliveryDetails(request.headers);
	// The trace ID is not signed: an attacker who replays a delivery can change it, but not the signature.
	const ids = [details.trace_id ?? [], authentic.digest ?? []].flat();
	const settings = delivery.settings();
	const inbox = settings.dropsRepeated ? delivery.inbox() : openInbox;
	if (inbox.hasSeen(ids)) return REPEATED;

	const pushed = parseEvent(await bodyOf(request));
	if (!pushed) {
		return new Answer(400, 'The body is not a Terra event: it must be JSON with a "type".');
	}
	const isPing = pushed.type === 's3_payload';
	const event = isPing ? await readPing(pushed, settings.payloadHosts, delivery.download) : pushed;
	if (event instanceof Answer) return event;

	const intake = await takeIn({ event, details, ids, source: 'webhook' }, settings, inbox);
	if (intake instanceof Answer) return intake;

	const bytes = request.rawBody?.length ?? 0;
	releaseBody(request);
	return {
		...intake,
		kind: event.type,
		bytes,
		arrived,
		isAlone: settings.startsEach || isPing || intake.items.some(({ binary }) => binary),
	};
}
