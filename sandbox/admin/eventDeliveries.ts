import { createHash } from 'node:crypto';
import type { Delivery, DeliveryAttempt } from '../webhooks/types';
import type { World } from '../world';

type Standing = 'delivered' | 'failed' | 'pending';

/** The lines of the ledger by event, so that a long log is read once. */
export function linesByEvent({ courier }: World): Map<string, Delivery[]> {
	const groups = new Map<string, Delivery[]>();
	for (const line of courier.ledger) {
		const group = groups.get(line.eventId);
		if (group) group.push(line);
		else groups.set(line.eventId, [line]);
	}
	return groups;
}

/** One for each destination; every post of the event there is an attempt, retried or sent again. */
export function deliveriesOf(lines: Delivery[]) {
	return [...new Set(lines.map(({ traceId }) => traceId))].map((traceId) =>
		shown(
			traceId,
			lines.filter((line) => line.traceId === traceId),
		),
	);
}

/** One that still fails or waits decides for all. */
export function standingOf(statuses: Standing[]): Standing {
	if (statuses.includes('pending')) return 'pending';
	return statuses.includes('failed') ? 'failed' : 'delivered';
}

function shown(traceId: string, lines: Delivery[]) {
	const [first] = lines;
	const last = lines.at(-1);
	const attempts = lines
		.flatMap((line, sending) =>
			line.attempts.map((attempt, index) => ({ attempt, kind: kindOf(sending, index) })),
		)
		.sort((a, b) => a.attempt.at - b.attempt.at);
	return {
		id: `dlv_${createHash('sha256').update(traceId).digest('hex').slice(0, 24)}`,
		destination_id: first?.destinationId ?? null,
		destination_type: 'webhook',
		destination_url: last?.url ?? '',
		status: statusOf(lines),
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

/** What was accepted once stays delivered, whatever becomes of it when it is sent again. */
function statusOf(lines: Delivery[]): Standing {
	if (lines.some(({ outcome }) => outcome === 'accepted')) return 'delivered';
	return lines.some(({ outcome }) => outcome === 'pending') ? 'pending' : 'failed';
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
