import { createHash } from 'node:crypto';
import type { Delivery, DeliveryAttempt } from '../webhooks/types';
import type { World } from '../world';

type Status = 'delivered' | 'failed' | 'pending';

/** Ledger entries grouped by event, so that a long ledger is read only once. */
export function entriesByEvent({ courier }: World): Map<string, Delivery[]> {
	const groups = new Map<string, Delivery[]>();
	for (const entry of courier.ledger) {
		const group = groups.get(entry.eventId);
		if (group) group.push(entry);
		else groups.set(entry.eventId, [entry]);
	}
	return groups;
}

/** One delivery per destination. Every POST of the event to it is an attempt, including retries and resends. */
export function deliveriesOf(entries: Delivery[]) {
	return [...new Set(entries.map(({ traceId }) => traceId))].map((traceId) =>
		shown(
			traceId,
			entries.filter((entry) => entry.traceId === traceId),
		),
	);
}

/** The event's status: pending if any delivery is pending, otherwise failed if any failed. */
export function combinedStatus(statuses: Status[]): Status {
	if (statuses.includes('pending')) return 'pending';
	return statuses.includes('failed') ? 'failed' : 'delivered';
}

function shown(traceId: string, entries: Delivery[]) {
	const [first] = entries;
	const last = entries.at(-1);
	const attempts = entries
		.flatMap((entry, sending) =>
			entry.attempts.map((attempt, index) => ({ attempt, kind: kindOf(sending, index) })),
		)
		.sort((a, b) => a.attempt.at - b.attempt.at);
	return {
		id: `dlv_${createHash('sha256').update(traceId).digest('hex').slice(0, 24)}`,
		destination_id: first?.destinationId ?? null,
		destination_type: 'webhook',
		destination_url: last?.url ?? '',
		status: statusOf(entries),
		created_at: new Date(first?.createdAt ?? 0).toISOString(),
		attempts: attempts.map(({ attempt, kind }, index) => ({
			attempt: index + 1,
			kind,
			...outcome(attempt),
		})),
	};
}

function kindOf(sending: number, index: number): 'first' | 'resend' | 'retry' {
	if (index > 0) return 'retry';
	return sending > 0 ? 'resend' : 'first';
}

/** Once accepted, a delivery stays delivered, even if a resend fails. */
function statusOf(entries: Delivery[]): Status {
	if (entries.some(({ outcome }) => outcome === 'accepted')) return 'delivered';
	return entries.some(({ outcome }) => outcome === 'pending') ? 'pending' : 'failed';
}

function outcome({ at, status, error, ms }: DeliveryAttempt) {
	return {
		sent_at: new Date(at).toISOString(),
		status: status !== undefined && status >= 200 && status < 300 ? 'succeeded' : 'failed',
		http_status: status ?? null,
		response_time_ms: ms,
		error: error ?? null,
	};
}
