import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from './problem';
import type { AdminScope } from './types';
import type { World } from './world';

/** Refuses a request without this environment's dev-id and key: answers 401 and ends it. */
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

/** Refuses a request whose bearer token is unknown or past its time. */
export function requireToken(world: World) {
	return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
		const token = tokenOf(world, request);
		if (token && token.expiresAt > world.now()) return;
		problem(reply, 401, 'the access token is missing, unknown or expired');
		await reply;
	};
}

/** Refuses a token that was made without this scope. */
export function requireScope(world: World, scope: AdminScope) {
	return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
		if (tokenOf(world, request)?.scopes.includes(scope)) return;
		problem(reply, 403, `the access token lacks the scope ${scope}`);
		await reply;
	};
}

/** Refuses an address with another environment's dev-id. */
export function requireEnvironment(world: World) {
	return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
		if ((request.params as { devId?: string }).devId === world.options.devId) return;
		problem(reply, 404, 'environment not found');
		await reply;
	};
}

function tokenOf(world: World, request: FastifyRequest) {
	const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
	return world.adminTokens.get(token ?? '');
}
