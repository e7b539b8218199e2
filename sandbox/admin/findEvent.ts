import { createHash } from 'node:crypto';
import { DAY_MS } from '../dates';
import type { SentEvent } from '../webhooks/sentEvents';
import { eventIn } from '../webhooks/sentEvents';
import type { Call, Endpoint } from './endpoint';
import { AdminProblem } from './problem';

/** The event named in the path, while the log still keeps it. Both logs accept both spellings of an ID. */
export function findEvent(
	{ world }: Pick<Call, 'world'>,
	id: unknown,
	daysKept: number,
): SentEvent {
	const event = typeof id === 'string' ? world.courier.events.get(uuidIn(id)) : undefined;
	if (event && event.createdAt >= world.now() - daysKept * DAY_MS) return event;
	throw new AdminProblem('not_found', 'event not found');
}

/** The newer log writes an ID as `evt_` plus the UUID without hyphens. */
export function shortId({ id }: SentEvent): string {
	return `evt_${id.replaceAll('-', '')}`;
}

function uuidIn(id: string): string {
	const [, ...parts] = /^evt_(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/.exec(id) ?? [];
	return parts.length > 0 ? parts.join('-') : id;
}

/** A number that still identifies the connection after the user's ID is gone. */
export function connectionIdOf({ user }: SentEvent): string {
	const digest = createHash('sha256')
		.update(user?.userId ?? '')
		.digest();
	return String(2n ** 60n + (digest.readBigUInt64BE() >> 4n));
}

/** The event's body; `samples=false` removes every array of samples. */
export function payloadOf(event: SentEvent, query: Call['query']): object {
	const body = eventIn(event);
	if (!body) throw new AdminProblem('not_found', 'this payload is no longer kept');
	return query['samples'] === 'false' ? (withoutSampleArrays(body) as object) : body;
}

function withoutSampleArrays(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutSampleArrays);
	if (typeof value !== 'object' || value === null) return value;
	const kept = Object.entries(value).filter(
		([key, child]) => !(Array.isArray(child) && /(^|_)samples$/.test(key)),
	);
	return Object.fromEntries(kept.map(([key, child]) => [key, withoutSampleArrays(child)]));
}

/** The endpoint for an event's body, under the path of either log. */
export const payloadEndpoint = (
	since: Endpoint['since'],
	path: string,
	daysKept: number,
): Endpoint => ({
	since,
	method: 'GET',
	path: `${path}/:eventId/payload`,
	scopes: ['payloads:read'],
	run: (call) => ({
		status: 200,
		body: payloadOf(findEvent(call, call.params['eventId'], daysKept), call.query),
	}),
});
