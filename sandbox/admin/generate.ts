import { randomUUID } from 'node:crypto';
import { PROVIDERS, supports } from '../records';
import type { DataType } from '../types';
import { DATA_TYPES } from '../types';
import { wants } from '../webhooks/destinations';
import type { World } from '../world';
import type { Answer, Call, Endpoint } from './endpoint';
import { dryRunAnswer, ENVIRONMENT } from './endpoint';
import { isUuid } from './eventFilter';
import type { Body } from './fields';
import { bodyOf } from './fields';
import { find } from './find';
import { AdminProblem, invalid } from './problem';
import type { SyntheticRequest } from './syntheticEvent';
import { syntheticEvent } from './syntheticEvent';
import { timeOf } from './timeWindow';

/** Sends a test event to one destination, or to all that accept its type. */
export const generateEndpoints: Endpoint[] = [
	{
		since: '2026.10',
		method: 'POST',
		path: `${ENVIRONMENT}/webhook-events/generate`,
		scopes: ['testdata:write'],
		run: generate,
	},
];

function generate({ world, body: given, dryRun }: Call): Answer {
	const body = bodyOf(given);
	const request = requestOf(body);
	const destinationId = textIn(body, 'destination_id');
	checkDestination(world, request.type, destinationId);
	const event = syntheticEvent(world, request);
	const eventId = randomUUID();
	const { user_id: userId, reference_id: referenceId } = event.user;
	const result = {
		event_id: eventId,
		user_id: userId,
		reference_id: referenceId,
		type: request.type,
		provider: request.provider,
		destination_id: destinationId ?? null,
		dispatched: !dryRun,
		payload: event,
	};
	if (dryRun) return dryRunAnswer('generate', result);
	world.courier.defer(() => void world.courier.dispatch(event, { destinationId, eventId }));
	return { status: 202, body: result };
}

function requestOf(body: Body): SyntheticRequest {
	const type = DATA_TYPES.find((known) => known === body['type']);
	if (!type) throw invalid('type', `must be one of ${DATA_TYPES.join(', ')}`);
	const userId = textIn(body, 'user_id');
	if (userId !== undefined && !isUuid(userId)) throw invalid('user_id', 'must be a UUID');
	const { start_time: start, samples = true } = body;
	if (typeof samples !== 'boolean') throw invalid('samples', 'must be true or false');
	return {
		type,
		userId,
		samples,
		provider: providerIn(body, type),
		referenceId: textIn(body, 'reference_id'),
		...(start !== undefined && { startMs: timeOf('start_time', start) }),
	};
}

function providerIn(body: Body, type: DataType): string | null {
	const provider = textIn(body, 'provider')?.toLowerCase();
	if (provider === undefined) return null;
	if (!PROVIDERS.some((known) => known.provider.toLowerCase() === provider))
		throw invalid('provider', 'no such provider');
	if (!supports(provider, type)) throw invalid('provider', `it does not supply ${type}`);
	return provider;
}

function checkDestination(world: World, type: DataType, id: string | undefined): void {
	if (id !== undefined) {
		if (wants(find({ world, params: { id } }), type)) return;
		throw new AdminProblem('unsupported_operation', `the destination does not accept ${type}`);
	}
	if (world.courier.targetsOf(type, {}).length > 0) return;
	throw new AdminProblem('unsupported_operation', `no destination accepts ${type}`);
}

function textIn(body: Body, field: string): string | undefined {
	const value = body[field];
	if (value === undefined || typeof value === 'string') return value;
	throw invalid(field, 'must be a string');
}
