import type { FastifyInstance } from 'fastify';
import { requireKey } from '../access';
import { problem } from '../problem';
import type { World } from '../world';

/** A person on the way to connecting an account. */
export interface AuthSession {
	provider: string;
	userId: string;
	referenceId: string | null;
	successUrl: string | null;
	failureUrl: string | null;
}

export function authRoutes(api: FastifyInstance, world: World): void {
	api.delete(
		'/auth/deauthenticateUser',
		{ preHandler: requireKey(world) },
		async (request, reply) => {
			const connection = world.find((request.query as Record<string, string>)['user_id']);
			if (!connection) {
				problem(reply, 404, 'user not found');
				return reply;
			}
			world.removeUser(connection.user.user_id);
			world.courier.dispatch({
				type: 'deauth',
				status: 'success',
				user: { ...connection.user, active: false },
				message: 'The user was disconnected on request',
			});
			return { status: 'success' };
		},
	);
}

export function connectPage(_app: FastifyInstance, _world: World): void {}
export function widgetSessionSuccessor(_app: FastifyInstance, _world: World): void {}
