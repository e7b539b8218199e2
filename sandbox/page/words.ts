import { eventIn, type SentEvent } from '../webhooks/sentEvents';
import type { Delivery } from '../webhooks/types';

/** A delivery described for the page. */
export interface DeliveryInWords {
	/** The event, such as a ride's name and distance. */
	what: string;
	athlete: string;
	answer: string;
	tone: 'bad' | 'good' | 'wait';
}

/** @param event the delivered event; undefined if it is no longer known */
export function deliveryInWords(delivery: Delivery, event: SentEvent | undefined): DeliveryInWords {
	const tones = { accepted: 'good', pending: 'wait', 'gave up': 'bad' } as const;
	return {
		what: eventInWords(delivery.type, event),
		athlete: event?.user?.referenceId ?? event?.user?.userId ?? '',
		answer: answerInWords(delivery),
		tone: startsNothing(delivery) ? 'wait' : tones[delivery.outcome],
	};
}

const WORDS: Record<string, string> = {
	access_revoked: 'Access revoked',
	auth: 'Connected',
	auth_cancelled: 'Connection cancelled',
	deauth: 'Disconnected',
	user_reauth: 'Reconnected',
};

const DELETED = 4;

interface Sent {
	metadata?: { name?: unknown; upload_type?: unknown };
	distance_data?: { summary?: { distance_meters?: unknown } };
}

function eventInWords(type: string, event: SentEvent | undefined): string {
	const body = event && (eventIn(event) as { data?: unknown } | undefined);
	const [record] = Array.isArray(body?.data) ? (body.data as Sent[]) : [];
	if (type !== 'activity' || !record) return WORDS[type] ?? type;
	const { name, upload_type: upload } = record.metadata ?? {};
	const meters = record.distance_data?.summary?.distance_meters;
	const length = typeof meters === 'number' ? `, ${(meters / 1000).toFixed(1)} km` : '';
	const title = typeof name === 'string' ? name : 'A ride';
	return upload === DELETED ? `${title}: deleted` : `${title}${length}`;
}

function answerInWords(delivery: Delivery): string {
	const { attempts, outcome } = delivery;
	const last = attempts.at(-1);
	if (!last) return 'Sending';
	const end = outcome === 'pending' ? ' Terra will retry.' : '';
	if (last.status === undefined) return `${noAnswer(last.error)}${end}`;
	const text = last.responseBody.trim();
	if (outcome === 'accepted') {
		if (startsNothing(delivery)) return `Accepted, but it starts nothing: “${text}”`;
		return text ? `Accepted: “${text}”` : `Accepted (${last.status})`;
	}
	if (last.status === 404) {
		return `404: n8n has no webhook at this URL. Publish the workflow, or listen for a test event again.${end}`;
	}
	return `Refused (${last.status})${text ? `: “${text}”` : '.'}${end}`;
}

/** Whether the trigger answered that it skipped the delivery. */
const startsNothing = ({ attempts, outcome }: Delivery): boolean =>
	outcome === 'accepted' && /^(filtered|dropped)/.test(attempts.at(-1)?.responseBody ?? '');

function noAnswer(error: string | undefined): string {
	if (error === 'timeout') return 'No answer in time.';
	if (error === 'ECONNREFUSED') return 'Nothing is listening at this URL. Is n8n running?';
	return `No answer (${error ?? 'connection lost'}).`;
}
