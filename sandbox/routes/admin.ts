import type { FastifyInstance } from 'fastify';
import { requireEnvironment, requireScope, requireToken } from '../access';
import { problem } from '../problem';
import type { Destination } from '../webhooks/destinations';
import { makeDestination } from '../webhooks/destinations';
import { replayOrRun } from '../idempotency';
import { listPage } from '../listPage';
import type { World } from '../world';
import { checkChange, checkNew } from './destinationFields';
import { webhookEventRoutes } from './webhookEvents';

/** The part of the Admin API that concerns webhook destinations. */
export function adminRoutes(admin: FastifyInstance, world: World): void {
	admin.addHook('preHandler', requireToken(world));
	admin.addHook('preHandler', requireEnvironment(world));
	const base = '/environments/:devId/unified-api/destinations';
	const read = { preHandler: requireScope(world, 'destinations:read') };
	const write = { preHandler: requireScope(world, 'destinations:write') };
	const find = (params: unknown) =>
		world.destinations.find(({ id }) => id === (params as { id: string }).id);

	admin.get(base, read, async (request) =>
		listPage(world.destinations.map(shown), request.query as Record<string, string>),
	);

	admin.get(`${base}/:id`, read, async (request, reply) => {
		const destination = find(request.params);
		if (destination) return shown(destination);
		problem(reply, 404, 'destination not found');
		return reply;
	});

	admin.post(base, write, async (request, reply) =>
		replayOrRun(world, request, reply, () => {
			const fields = checkNew(request.body);
			if (typeof fields === 'string') return { status: 400, detail: fields };
			const refusal = world.settings.secondDestinationStatus;
			if (world.destinations.length > 0 && refusal !== null) {
				return { status: refusal, detail: 'this environment already has a webhook destination' };
			}
			const destination = makeDestination({ ...fields, byHand: false, now: world.now() });
			world.destinations.push(destination);
			const body = { ...shown(destination), signing_secret: destination.signingSecret };
			return { status: 201, body };
		}),
	);

	admin.patch(`${base}/:id`, write, async (request, reply) => {
		const destination = find(request.params);
		if (!destination) {
			problem(reply, 404, 'destination not found');
			return reply;
		}
		const change = checkChange(request.body);
		if (typeof change === 'string') {
			problem(reply, 400, change);
			return reply;
		}
		Object.assign(destination, change);
		return shown(destination);
	});

	admin.delete(`${base}/:id`, write, async (request, reply) => {
		const destination = find(request.params);
		if (!destination) {
			problem(reply, 404, 'destination not found');
			return reply;
		}
		const dryRun = (request.query as Record<string, string>)['dry_run'] === 'true';
		if (dryRun) return shown(destination);
		world.destinations.splice(world.destinations.indexOf(destination), 1);
		return await reply.code(204).send();
	});

	webhookEventRoutes(admin, world);
}

/** A destination as every answer but the first shows it: without its secret. */
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
