import { dottedType } from '../events';
import type { SentEvent } from '../webhooks/sentEvents';
import type { Delivery } from '../webhooks/types';
import type { Answer, Call, Endpoint } from './endpoint';
import { ENVIRONMENT } from './endpoint';
import { deliveriesOf, linesByEvent, standingOf } from './eventDeliveries';
import { eventFilter, listOf, slugOf } from './eventFilter';
import { connectionIdOf, findEvent, payloadEndpoint, shortId } from './findEvent';
import { listWindow } from './listPage';
import { isIn, windowOf } from './timeWindow';

const DAYS_KEPT = 30;
const USUAL_DAYS = 7;
const PATH = `${ENVIRONMENT}/events`;
const since = '2026.11';

/** The log with a row for each event, its deliveries inside, their attempts inside. The fields are a guess. */
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
	return { status: 200, body: shown(event, linesByEvent(call.world)) };
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
	const lines = linesByEvent(world);
	const body = listWindow(
		query,
		() => windowOf(query, world, { usual: USUAL_DAYS, kept: DAYS_KEPT }),
		(window) =>
			world.courier.events
				.all()
				.reverse()
				.filter((event) => isIn(window, event.createdAt) && passesEvent(event))
				.map((event) => shown(event, lines))
				.filter(passes),
	);
	return { status: 200, body };
}

function shown(event: SentEvent, lines: Map<string, Delivery[]>) {
	const deliveries = deliveriesOf(lines.get(event.id) ?? []);
	return {
		id: shortId(event),
		type: dottedType(event.type),
		created_at: new Date(event.createdAt).toISOString(),
		status: standingOf(deliveries.map(({ status }) => status)),
		provider: slugOf(event.user?.provider) || null,
		connection_id: event.user ? connectionIdOf(event) : null,
		user_id: event.user?.userId ?? null,
		reference_id: event.user?.referenceId ?? null,
		deliveries,
	};
}
