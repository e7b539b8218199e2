import { dottedType } from '../events';
import type { SentEvent } from '../webhooks/sentEvents';
import type { Delivery } from '../webhooks/types';
import type { Answer, Call, Endpoint } from './endpoint';
import { ENVIRONMENT } from './endpoint';
import { combinedStatus, deliveriesOf, entriesByEvent } from './eventDeliveries';
import { eventFilter, listOf, slugOf } from './eventFilter';
import { connectionIdOf, findEvent, payloadEndpoint, shortId } from './findEvent';
import { listWindow } from './listPage';
import { isIn, windowOf } from './timeWindow';

const DAYS_KEPT = 30;
const DEFAULT_DAYS = 7;
const PATH = `${ENVIRONMENT}/events`;
const since = '2026.11';

/** The newer log: one row per event, with its deliveries and their attempts nested. The fields are a guess. */
export const eventEndpoints: Endpoint[] = [
	{ since, method: 'GET', path: PATH, scopes: ['events:read'], run: list },
	{
		since,
		method: 'GET',
		path: `${PATH}/:eventId`,
		scopes: ['events:read'],
		run: retrieve,
	},
	payloadEndpoint(since, PATH, DAYS_KEPT),
];

function retrieve(call: Call): Answer {
	const event = findEvent(call, call.params['eventId'], DAYS_KEPT);
	return { status: 200, body: shown(event, entriesByEvent(call.world)) };
}

function list({ world, query }: Call): Answer {
	const passesEvent = eventFilter(world, query);
	const types = listOf(query['type']);
	const statuses = listOf(query['status']);
	const { destination } = query;
	const passes = (row: ReturnType<typeof shown>) =>
		(!types || types.includes(row.type)) &&
		(!statuses || statuses.includes(row.status)) &&
		(destination === undefined ||
			row.deliveries.some(({ destination_id: id }) => id === destination));
	const entries = entriesByEvent(world);
	const body = listWindow(
		query,
		() => windowOf(query, world, { default: DEFAULT_DAYS, kept: DAYS_KEPT }),
		(window) =>
			world.courier.events
				.all()
				.reverse()
				.filter((event) => isIn(window, event.createdAt) && passesEvent(event))
				.map((event) => shown(event, entries))
				.filter(passes),
	);
	return { status: 200, body };
}

function shown(event: SentEvent, entries: Map<string, Delivery[]>) {
	const deliveries = deliveriesOf(entries.get(event.id) ?? []);
	return {
		id: shortId(event),
		type: dottedType(event.type),
		created_at: new Date(event.createdAt).toISOString(),
		status: combinedStatus(deliveries.map(({ status }) => status)),
		provider: slugOf(event.user?.provider) || null,
		connection_id: event.user ? connectionIdOf(event) : null,
		user_id: event.user?.userId ?? null,
		reference_id: event.user?.referenceId ?? null,
		deliveries,
	};
}
