import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from './problem';
import type { World } from './world';

/** A hook that answers 401 unless the request carries this environment's dev-id and API key. */
export function requireKey(world: World) {
	return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
		const { 'dev-id': devId, 'x-api-key': apiKey } = request.headers;
		if (!devId || !apiKey) {
			problem(reply, 401, 'the dev-id or x-api-key header is missing');
			await reply;
		} else if (devId !== world.options.devId || apiKey !== world.options.apiKey) {
			problem(reply, 401, 'unauthorized');
			await reply;
		}
	};
}
