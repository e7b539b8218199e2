import type { FastifyInstance } from 'fastify';
import { requireScope } from '../access';
import { listPage } from '../listPage';
import { problem } from '../problem';
import type { Delivery } from '../webhooks/types';
import type { World } from '../world';

/** The log of what was sent, and sending it again. Its exact fields are this sandbox's reading. */
export function webhookEventRoutes(admin: FastifyInstance, world: World): void {
	const base = '/environments/:devId/webhook-events';

	admin.get(base, { preHandler: requireScope(world, 'events:read') }, async (request) => {
		const newestFirst = [...world.courier.ledger].reverse().map(shown);
		return listPage(newestFirst, request.query as Record<string, string>);
	});

	admin.post(
		`${base}/resend`,
		{ preHandler: requireScope(world, 'events:write') },
		async (request, reply) => {
			const { event_ids: ids } = (request.body ?? {}) as { event_ids?: unknown };
			if (!Array.isArray(ids) || ids.length === 0) {
				problem(reply, 400, 'event_ids is missing');
				return reply;
			}
			const unknown = ids.find((id) => !world.courier.keeps(String(id)));
			if (unknown !== undefined) {
				problem(reply, 404, `event ${String(unknown)} not found`);
				return reply;
			}
			for (const id of ids) void world.courier.resend(String(id));
			return await reply.code(202).send({ accepted: ids.length });
		},
	);
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
