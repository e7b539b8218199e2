import type { Delivery } from '../webhooks/types';
import type { Answer, Call, Endpoint } from './endpoint';
import { ENVIRONMENT } from './endpoint';
import { bodyOf } from './fields';
import { listPage } from './listPage';
import { AdminProblem, invalid } from './problem';

const LONGEST_PAGE = 100;
const only = { since: '2026.09', until: '2026.09' } as const;

/** The event log of 2026.09, and resending from it. The exact fields are a guess. */
export const olderWebhookEventEndpoints: Endpoint[] = [
	{
		...only,
		method: 'GET',
		path: `${ENVIRONMENT}/webhook-events`,
		scopes: ['events:read'],
		run: list,
	},
	{
		...only,
		method: 'POST',
		path: `${ENVIRONMENT}/webhook-events/resend`,
		scopes: ['events:write'],
		run: resend,
	},
];

function list({ world, query }: Call): Answer {
	const newestFirst = [...world.courier.ledger].reverse().map(shown);
	return { status: 200, body: listPage(newestFirst, query, LONGEST_PAGE) };
}

function resend({ world, body }: Call): Answer {
	const { event_ids: ids } = bodyOf(body ?? {});
	if (!Array.isArray(ids) || ids.length === 0) throw invalid('event_ids', 'is missing');
	const unknown = ids.find((id) => !world.courier.canResend(String(id)));
	if (unknown !== undefined)
		throw new AdminProblem('not_found', `event ${String(unknown)} not found`);
	for (const id of ids) void world.courier.resend(String(id));
	return { status: 202, body: { accepted: ids.length } };
}

function shown(delivery: Delivery) {
	return {
		id: delivery.traceId,
		type: delivery.type,
		destination_id: delivery.destinationId,
		url: delivery.url,
		status: delivery.outcome,
		attempts: delivery.attempts.length,
		last_status_code: delivery.attempts.at(-1)?.status ?? null,
		created_at: new Date(delivery.createdAt).toISOString(),
	};
}
