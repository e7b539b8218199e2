import type { SentEvent } from '../webhooks/sentEvents';
import type { Delivery } from '../webhooks/types';
import type { World } from '../world';
import type { Answer, Call, Endpoint } from './endpoint';
import { dryRunAnswer, ENVIRONMENT } from './endpoint';
import { eventFilter, isUuid, listOf, slugOf } from './eventFilter';
import { bodyOf } from './fields';
import { connectionIdOf, findEvent, payloadEndpoint, payloadOf } from './findEvent';
import { listWindow } from './listPage';
import { AdminProblem, invalid } from './problem';
import { isIn, windowOf } from './timeWindow';

const DAYS_KEPT = 14;
const DEFAULT_DAYS = 7;
const PATH = `${ENVIRONMENT}/webhook-events`;
const since = '2026.10';

/** The older log: one row each time an event is sent to a destination. Retries share a row. */
export const webhookEventEndpoints: Endpoint[] = [
	{ since, method: 'GET', path: PATH, scopes: ['events:read'], run: list },
	{ since, method: 'GET', path: `${PATH}/:eventId`, scopes: ['events:read'], run: retrieve },
	payloadEndpoint(since, PATH, DAYS_KEPT),
	{ since, method: 'POST', path: `${PATH}/resend`, scopes: ['events:write'], run: resend },
];

interface Row {
	event: SentEvent;
	delivery: Delivery;
	sentAt: number;
}

function list({ world, query }: Call): Answer {
	const days = { default: query['event_id'] ? DAYS_KEPT : DEFAULT_DAYS, kept: DAYS_KEPT };
	const passes = rowFilter(world, query);
	const body = listWindow(
		query,
		() => windowOf(query, world, days),
		(window) =>
			rowsOf(world)
				.filter((row) => isIn(window, row.sentAt) && passes(row))
				.map((row) => shown(world, row)),
	);
	return { status: 200, body };
}

function retrieve(call: Call): Answer {
	const { world, params } = call;
	const event = findEvent(call, params['eventId'], DAYS_KEPT);
	const row = rowsOf(world).find((candidate) => candidate.event === event);
	if (!row) throw new AdminProblem('not_found', 'event not found');
	return { status: 200, body: shown(world, row) };
}

/** Resends to every destination that accepts the type, not only to the one of the row. */
function resend(call: Call): Answer {
	const { world, dryRun } = call;
	const body = bodyOf(call.body);
	const { user_id: userId, event_id: id, event_type: type } = body;
	for (const field of ['user_id', 'event_id', 'event_type'])
		if (typeof body[field] !== 'string') throw invalid(field, 'is missing');
	if (!isUuid(userId)) throw invalid('user_id', 'must be a UUID');
	const event = findEvent(call, id, DAYS_KEPT);
	if (event.user?.userId !== userId || event.type !== type)
		throw new AdminProblem('not_found', 'this user has no such event');
	const answer = { event_id: id, event_type: type };
	const payload = payloadOf(event, {});
	if (!dryRun) {
		world.courier.defer(() => world.courier.resendEvent(event, payload));
		return { status: 202, body: { ...answer, dispatched: true } };
	}
	const count = world.courier.targetsOf(event.type, {}).length;
	const preview = { ...answer, user_id: userId, destination_count: count, dispatched: false };
	return dryRunAnswer('resend', preview);
}

/** Newest first, without deliveries that have not been posted yet. */
function rowsOf(world: World): Row[] {
	const rows: Row[] = [];
	for (const delivery of world.courier.ledger) {
		const event = world.courier.events.get(delivery.eventId);
		const sentAt = delivery.attempts.at(-1)?.at;
		if (event && sentAt !== undefined) rows.push({ event, delivery, sentAt });
	}
	return rows.reverse().sort((a, b) => b.sentAt - a.sentAt);
}

function rowFilter(world: World, query: Call['query']): (row: Row) => boolean {
	const { outcome, destination, destination_url: url, event_id: eventId } = query;
	if (outcome !== undefined && outcome !== 'delivered' && outcome !== 'failed')
		throw invalid('outcome', 'must be delivered or failed');
	const passesEvent = eventFilter(world, query);
	const types = listOf(query['data_type']);
	const destinationTypes = listOf(query['destination_type']);
	return ({ event, delivery }) =>
		passesEvent(event) &&
		(outcome === undefined || outcome === outcomeOf(delivery)) &&
		(destination === undefined || delivery.destinationId === destination) &&
		(url === undefined || delivery.url === url) &&
		(eventId === undefined || event.id === eventId) &&
		(!types || types.includes(event.type)) &&
		(!destinationTypes || destinationTypes.includes('webhook'));
}

/** Terra counts an attempt without an answer (status 0) as delivered. */
function outcomeOf(delivery: Delivery): 'delivered' | 'failed' {
	return statusOf(delivery) <= 299 ? 'delivered' : 'failed';
}

function statusOf(delivery: Delivery): number {
	return delivery.attempts.at(-1)?.status ?? 0;
}

function shown(world: World, { event, delivery, sentAt }: Row) {
	const { user } = event;
	return {
		event_id: event.id,
		sent_at: new Date(sentAt).toISOString(),
		data_type: event.type,
		provider: slugOf(user?.provider),
		destination_type: 'webhook',
		...(delivery.destinationId !== null && { destination_id: delivery.destinationId }),
		destination_url: delivery.url,
		http_status: statusOf(delivery),
		response_time_ms: delivery.attempts.at(-1)?.ms ?? 0,
		bytes: delivery.bytes,
		connection_id: connectionIdOf(event),
		...(user && world.find(user.userId) && { user_id: user.userId }),
		...(user && user.referenceId !== null && { reference_id: user.referenceId }),
	};
}
