import type { FastifyInstance } from 'fastify';
import type { World } from '../world';

const TERRA_HEADERS = ['dev-id', 'x-api-key', 'authorization'];

/**
 * The files that ping-mode events link to. A link is its own permission: whoever sends Terra's
 * credentials along has given them to a third party, so that is refused and shows in a test.
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
