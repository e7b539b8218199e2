import type { FastifyRequest } from 'fastify';
import type { AdminToken } from '../types';
import type { World } from '../world';
import type { Endpoint } from './endpoint';
import { AdminProblem } from './problem';

/** Returns the request's token, or throws AdminProblem if it may not use this endpoint. */
export function authorize(world: World, request: FastifyRequest, endpoint: Endpoint): AdminToken {
	const [, bearer] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
	const token = world.adminTokens.get(bearer ?? '');
	if (!token) throw new AdminProblem('unauthorized', 'the access token is missing or unknown');
	if (token.expiresAt <= world.now())
		throw new AdminProblem('token_expired', 'the access token has expired', 'Create a new token.');
	token.lastUsedAt = world.now();

	const { devId } = request.params as { devId?: string };
	if (devId !== undefined) checkEnvironment(world, token, devId);
	const missing = endpoint.scopes.filter((scope) => !token.scopes.includes(scope)).join(' ');
	if (missing === '') return token;
	throw new AdminProblem(
		'scope_missing',
		`the access token lacks the scope ${missing}`,
		`Create a token that also has ${missing}.`,
	);
}

function checkEnvironment(world: World, token: AdminToken, devId: string): void {
	if (token.devIds && !token.devIds.includes(devId))
		throw new AdminProblem('audience_restricted', 'the access token is for other environments');
	if (devId !== world.options.devId)
		throw new AdminProblem('dev_id_not_found', 'environment not found', 'Check the developer ID.');
}
