import type { Destination } from '../webhooks/destinations';
import { makeDestination } from '../webhooks/destinations';
import type { Answer, Call, Endpoint } from './endpoint';
import { DESTINATION, DESTINATIONS } from './endpoint';
import { bodyOf, isBody, isWebAddress, switchesOf } from './fields';
import { find, refuseSecond } from './find';
import { listPage } from './listPage';
import { invalid } from './problem';

const LONGEST_PAGE = 100;
const only = { since: '2026.09', until: '2026.09' } as const;
const read = { ...only, scopes: ['destinations:read'] } as const;
const write = { ...only, scopes: ['destinations:write'] } as const;

/** Destinations of 2026.09: the URL cannot change, and the secret is shown once. */
export const olderDestinationEndpoints: Endpoint[] = [
	{ ...read, method: 'GET', path: DESTINATIONS, run: list },
	{ ...read, method: 'GET', path: DESTINATION, run: (call) => ok(find(call)) },
	{ ...write, method: 'POST', path: DESTINATIONS, run: create },
	{ ...write, method: 'PATCH', path: DESTINATION, run: change },
	{ ...write, method: 'DELETE', path: DESTINATION, run: remove },
];

function list({ world, query }: Call): Answer {
	return { status: 200, body: listPage(world.destinations.map(shown), query, LONGEST_PAGE) };
}

function create(call: Call): Answer {
	const body = bodyOf(call.body);
	const { url, metadata, type } = body;
	if (!isWebAddress(url)) throw invalid('url', 'must be a web address');
	if (type !== undefined && type !== 'webhook')
		throw invalid('type', 'only webhook destinations can be created here');
	const fields = { url, metadata: isBody(metadata) ? metadata : {}, ...switchesOf(body) };
	refuseSecond(call);
	const { world } = call;
	const destination = makeDestination({ ...fields, byHand: false, now: world.now() });
	world.destinations.push(destination);
	return {
		status: 201,
		body: { ...shown(destination), signing_secret: destination.signingSecret },
	};
}

function change(call: Call): Answer {
	const destination = find(call);
	const body = bodyOf(call.body);
	const fixed = Object.keys(body).find((key) => key !== 'active' && key !== 'event_types');
	if (fixed !== undefined) throw invalid(fixed, 'cannot be changed');
	return ok(Object.assign(destination, switchesOf(body)));
}

function remove(call: Call): Answer {
	const destination = find(call);
	const { destinations } = call.world;
	if (call.dryRun) return ok(destination);
	destinations.splice(destinations.indexOf(destination), 1);
	return { status: 204 };
}

function ok(destination: Destination): Answer {
	return { status: 200, body: shown(destination) };
}

/** Leaves out the secret, which only the answer to the POST contains. */
function shown(destination: Destination) {
	return {
		id: destination.id,
		type: 'webhook',
		url: destination.url,
		active: destination.active,
		event_types: destination.eventTypes ?? [],
		metadata: destination.metadata,
		created_at: new Date(destination.createdAt).toISOString(),
	};
}
