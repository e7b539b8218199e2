import type { Destination } from '../webhooks/destinations';
import { makeDestination, makeSecret } from '../webhooks/destinations';
import type { World } from '../world';
import { changedFields, checkComplete, newFields } from './destinationFields';
import type { Answer, Call, Endpoint } from './endpoint';
import { DESTINATION, DESTINATIONS, dryRunAnswer } from './endpoint';
import { isBody } from './fields';
import { find, refuseSecond } from './find';
import { wholeList } from './listPage';

const since = '2026.10';
const read = { since, scopes: ['destinations:read'] } as const;
const write = { since, scopes: ['destinations:write'] } as const;

/** Destinations with a `config`: their URL can change, and their secret stays readable. */
export const destinationEndpoints: Endpoint[] = [
	{ ...read, method: 'GET', path: DESTINATIONS, run: list },
	{ ...read, method: 'GET', path: DESTINATION, run: retrieve },
	{ ...write, method: 'POST', path: DESTINATIONS, run: create },
	{ ...write, method: 'PATCH', path: DESTINATION, run: change },
	{ ...write, method: 'DELETE', path: DESTINATION, run: remove },
];

function list({ world }: Call): Answer {
	return { status: 200, body: wholeList(world.destinations.map(summaryOf)) };
}

function retrieve(call: Call): Answer {
	return { status: 200, body: shown(call.world, find(call)) };
}

function create(call: Call): Answer {
	const { world, dryRun } = call;
	const { usesEnvironmentSecret, metadata, ...fields } = newFields(call.body);
	refuseSecond(call);
	const destination = makeDestination({
		...fields,
		url: fields.url ?? null,
		metadata: isBody(metadata) ? metadata : {},
		signingSecret: usesEnvironmentSecret ? null : makeSecret(),
		byHand: false,
		now: world.now(),
	});
	if (dryRun) {
		const preview = { ...shown(world, destination), id: undefined };
		return dryRunAnswer('create', {
			...preview,
			will_return_signing_secret: !usesEnvironmentSecret,
		});
	}
	world.destinations.push(destination);
	const body = { ...shown(world, destination), signing_secret: destination.signingSecret };
	return { status: 201, body, repeated: { ...body, signing_secret: null } };
}

/** Omitted fields stay the same. Any change resets the failure count. */
function change(call: Call): Answer {
	const destination = find(call);
	const changed = { ...destination, ...changedFields(call.body), failingSince: null };
	if (changed.active) checkComplete(changed.url);
	if (call.dryRun) return dryRunAnswer('update', shown(call.world, changed));
	return { status: 200, body: shown(call.world, Object.assign(destination, changed)) };
}

function remove(call: Call): Answer {
	const destination = find(call);
	if (call.dryRun) return dryRunAnswer('delete', shown(call.world, destination));
	const { destinations } = call.world;
	destinations.splice(destinations.indexOf(destination), 1);
	return { status: 204 };
}

function summaryOf(destination: Destination) {
	return {
		id: destination.id,
		type: 'webhook',
		url: withoutUser(destination.url ?? ''),
		active: destination.active,
		event_types: destination.eventTypes ?? [],
	};
}

/** Leaves out the secret, which has its own endpoint and scope. */
function shown(world: World, destination: Destination) {
	const { url, delivery } = destination;
	return {
		...summaryOf(destination),
		configured: url !== null,
		missing: url === null ? ['config.url'] : [],
		config: { url, delivery: delivery ?? world.settings.deliveryMode },
	};
}

/** Only `config.url` shows the user and password of a URL. */
function withoutUser(address: string): string {
	if (!URL.canParse(address)) return address;
	const url = new URL(address);
	if (url.username === '' && url.password === '') return address;
	return Object.assign(url, { username: '', password: '' }).href;
}
