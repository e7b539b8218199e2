import type { FastifyInstance } from 'fastify';
import type { World } from '../world';

const TERRA_HEADERS = ['dev-id', 'x-api-key', 'authorization'];

/**
 * The files that ping-mode events link to. The links are pre-signed, and lead to a third party: a request that contains
 * Terra credentials has leaked them, so it is refused.
 */
export function pingRoutes(s3: FastifyInstance, world: World): void {
	s3.get('/:id', async (request, reply) => {
		const { id } = request.params as { id: string };
		const payload = world.pingPayloads.get(id);
		void reply.type('application/xml');
		if (TERRA_HEADERS.some((name) => request.headers[name] !== undefined)) {
			return await reply.code(400).send('<Error><Code>CredentialsSentAlong</Code></Error>');
		}
		if (!payload) return await reply.code(404).send('<Error><Code>NoSuchKey</Code></Error>');
		if (world.now() > payload.expiresAt) {
			return await reply.code(403).send('<Error><Code>AccessDenied</Code></Error>');
		}
		return await reply.type('application/json').send(payload.body);
	});
}
