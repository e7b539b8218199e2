import type { FastifyInstance } from 'fastify';
import { requireKey } from '../access';
import { terraTime } from '../dates';
import { problem } from '../problem';
import type { World } from '../world';

const DEFAULT_PER_PAGE = 500;

/** The endpoints that list, look up and change users. */
export function userRoutes(api: FastifyInstance, world: World): void {
	const preHandler = requireKey(world);

	api.get('/subscriptions', { preHandler }, async (request, reply) => {
		const query = request.query as Record<string, string | undefined>;
		if (query['page'] === undefined) return { users: world.users };

		const page = Number(query['page']);
		const perPage = Number(query['per_page'] ?? DEFAULT_PER_PAGE);
		if (!Number.isInteger(page) || page < 0 || !Number.isInteger(perPage) || perPage < 1) {
			problem(reply, 400, 'invalid page or per_page');
			return reply;
		}
		const lastPage = Math.max(0, Math.ceil(world.users.length / perPage) - 1);
		const list = {
			next: page < lastPage ? page + 1 : null,
			max_page: lastPage,
			results: world.users.slice(page * perPage, (page + 1) * perPage),
		};
		return world.settings.dataVersion === '2026.07'
			? { data: list }
			: { status: 'success', ...list };
	});

	api.get('/userInfo', { preHandler }, async (request, reply) => {
		const query = request.query as Record<string, string | undefined>;
		if (query['user_id']) {
			const connection = world.find(query['user_id']);
			if (connection) {
				const { user } = connection;
				const polled = { last_polled_at: terraTime(world.now()), most_recent_data_at: null };
				return { user: { ...user, ...polled }, status: 'success', is_authenticated: user.active };
			}
			problem(reply, 404, 'user not found');
		} else if (query['reference_id']) {
			const users = world.users.filter((user) => user.reference_id === query['reference_id']);
			if (users.length > 0) {
				const shapes = {
					array: users,
					users: { users, status: 'success' },
					user: { user: users[0], status: 'success', is_authenticated: true },
				};
				return shapes[world.settings.userInfoByReference];
			}
			problem(reply, 404, 'user not found');
		} else {
			problem(reply, 400, 'user_id or reference_id is required');
		}
		return reply;
	});

	api.post('/bulkUserInfo', { preHandler }, async (request, reply) => {
		const ids = request.body;
		if (!Array.isArray(ids)) {
			problem(reply, 400, 'the body must be a list of user ids');
			return reply;
		}
		const connections = ids.map((id) => world.find(id));
		if (connections.some((connection) => connection === undefined)) {
			problem(reply, 404, 'user not found');
			return reply;
		}
		return connections.map((connection) => connection?.user);
	});

	api.patch('/users/:userId', { preHandler }, async (request, reply) => {
		const { userId } = request.params as { userId: string };
		const connection = world.find(userId);
		if (!connection) {
			problem(reply, 404, 'user not found');
			return reply;
		}
		const change = (request.body ?? {}) as { reference_id?: unknown; active?: unknown };
		if (typeof change.reference_id === 'string') connection.user.reference_id = change.reference_id;
		if (typeof change.active === 'boolean') connection.user.active = change.active;
		return { user: connection.user, status: 'success' };
	});
}
