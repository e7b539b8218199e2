import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { requireKey } from '../access';
import { disconnectUser } from '../actions';
import { problem } from '../problem';
import { PROVIDERS } from '../records';
import type { World } from '../world';

const SESSION_SECONDS = 900;
const NEWER_SESSION_SECONDS = 86_400;
const TOKEN_SECONDS = 180;

/** A person who has opened a connection link but not connected yet. */
export interface AuthSession {
	/** Providers to choose from. */
	providers: string[];
	userId: string;
	referenceId: string | null;
	successUrl: string | null;
	failureUrl: string | null;
	/** Set for widget sessions: the `auth` event contains it. */
	widgetSessionId: string | null;
	/** Unix milliseconds. */
	expiresAt: number;
}

interface SessionRequest {
	providers?: unknown;
	reference_id?: unknown;
	auth_success_redirect_url?: unknown;
	auth_failure_redirect_url?: unknown;
}

/** Connecting and disconnecting users. */
export function authRoutes(api: FastifyInstance, world: World): void {
	const preHandler = requireKey(world);

	api.post('/auth/authenticateUser', { preHandler }, async (request, reply) => {
		const resource = (request.query as Record<string, string | undefined>)['resource'];
		if (!resource) {
			problem(reply, 400, 'resource is missing');
			return reply;
		}
		const known = PROVIDERS.find(({ provider }) => provider === resource.toUpperCase());
		if (!known) {
			problem(reply, 404, `there is no provider ${resource}`);
			return reply;
		}
		const { id, session } = openSession(world, [known.provider], request.body as SessionRequest);
		return { status: 'success', user_id: session.userId, auth_url: `${world.url}/connect/${id}` };
	});

	api.post('/auth/generateWidgetSession', { preHandler }, async (request, reply) => {
		if (world.settings.widgetSessionGone) {
			problem(reply, 410, `this endpoint was removed, use POST ${world.url}/api/widget/session`);
			return reply;
		}
		return widgetSession(world, request, reply);
	});

	api.post('/auth/generateAuthToken', { preHandler }, async () => ({
		status: 'success',
		token: randomUUID(),
		expires_in: TOKEN_SECONDS,
	}));

	api.delete('/auth/deauthenticateUser', { preHandler }, async (request, reply) => {
		const connection = world.find((request.query as Record<string, string>)['user_id']);
		if (!connection) {
			problem(reply, 404, 'user not found');
			return reply;
		}
		void disconnectUser(world, connection.user.user_id);
		return { status: 'success' };
	});
}

/** Widget sessions at the address that the 410 names. Its fields are a guess: the same as before. */
export function widgetSessionSuccessor(widget: FastifyInstance, world: World): void {
	widget.post('/session', { preHandler: requireKey(world) }, async (request, reply) => {
		if (world.settings.dataVersion === '2026.07') return widgetSession(world, request, reply);
		problem(reply, 404, 'not found');
		return reply;
	});
}

/** Widget sessions at the address of the newer API specification, with that specification's answer. */
export function newestWidgetSession(widget: FastifyInstance, world: World): void {
	widget.post('/session', { preHandler: requireKey(world) }, async (request, reply) => {
		if (world.settings.dataVersion === '2026.07') {
			problem(reply, 404, 'not found');
			return reply;
		}
		const session = widgetSession(world, request, reply);
		if (!('session_id' in session)) return session;
		return await reply.code(201).send({ ...session, expires_in: NEWER_SESSION_SECONDS });
	});
}

function widgetSession(world: World, request: FastifyRequest, reply: FastifyReply) {
	const body = (request.body ?? {}) as SessionRequest;
	const names = typeof body.providers === 'string' ? body.providers.split(',') : [];
	const providers = names.map((name) => name.trim().toUpperCase()).filter((name) => name !== '');
	const unknown = providers.find((name) => !PROVIDERS.some(({ provider }) => provider === name));
	if (unknown) {
		problem(reply, 400, `there is no provider ${unknown}`);
		return reply;
	}
	const all = PROVIDERS.map(({ provider }) => provider);
	const { id, session } = openSession(world, providers.length > 0 ? providers : all, body);
	session.widgetSessionId = id;
	return {
		status: 'success',
		session_id: id,
		url: `${world.url}/connect/${id}`,
		expires_in: SESSION_SECONDS,
	};
}

function openSession(world: World, providers: string[], body: SessionRequest | null | undefined) {
	const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
	const id = randomUUID();
	const session: AuthSession = {
		providers,
		userId: randomUUID(),
		referenceId: text(body?.reference_id),
		successUrl: text(body?.auth_success_redirect_url),
		failureUrl: text(body?.auth_failure_redirect_url),
		widgetSessionId: null,
		expiresAt: world.now() + SESSION_SECONDS * 1000,
	};
	world.authSessions.set(id, session);
	return { id, session };
}
