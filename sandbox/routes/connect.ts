import type { FastifyInstance } from 'fastify';
import { authCancelledEvent, authEvent, userReauthEvent } from '../events';
import { escapeHtml, plainPage } from '../page/html';
import type { TerraUser } from '../types';
import type { World } from '../world';
import type { AuthSession } from './auth';

/** The page of an `auth_url` or a widget URL, where the athlete connects an account or cancels. */
export function connectRoutes(app: FastifyInstance, world: World): void {
	app.addContentTypeParser(
		'application/x-www-form-urlencoded',
		{ parseAs: 'string' },
		(_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
	);

	app.get('/connect/:id', async (request, reply) => {
		const session = openSession(world, request.params);
		void reply.type('text/html');
		if (!session) return await reply.code(404).send(plainPage('This link has expired', ''));
		return plainPage('Connect your account', choices(session));
	});

	app.post('/connect/:id', async (request, reply) => {
		const session = openSession(world, request.params);
		void reply.type('text/html');
		if (!session) return await reply.code(404).send(plainPage('This link has expired', ''));

		world.authSessions.delete((request.params as { id: string }).id);
		const { provider } = request.body as { provider?: string };
		if (provider === undefined || !session.providers.includes(provider)) {
			void world.courier.dispatch(authCancelledEvent(session.referenceId, 'the user cancelled'));
			return session.failureUrl
				? await reply.redirect(withQuery(session.failureUrl, { reason: 'user_cancelled' }), 302)
				: plainPage('You cancelled', '<p>You can close this page.</p>');
		}
		const user = connect(world, session, provider);
		return session.successUrl
			? await reply.redirect(withQuery(session.successUrl, redirectQuery(user)), 302)
			: plainPage('Connected', '<p>You can close this page.</p>');
	});
}

function openSession(world: World, params: unknown): AuthSession | undefined {
	const session = world.authSessions.get((params as { id: string }).id);
	return session && session.expiresAt > world.now() ? session : undefined;
}

function choices(session: AuthSession): string {
	const buttons = session.providers
		.map((provider) => {
			const name = escapeHtml(provider);
			return `<button name="provider" value="${name}">Connect ${name}</button>`;
		})
		.join(' ');
	return `<form method="post">${buttons} <button class="quiet" name="cancel" value="1">Cancel</button></form>`;
}

/** Connecting the same provider again replaces the user ID: Terra sends `user_reauth` and `auth`. */
function connect(world: World, session: AuthSession, provider: string): TerraUser {
	const before = world.users.find(
		(user) =>
			session.referenceId !== null &&
			user.reference_id === session.referenceId &&
			user.provider === provider,
	);
	const user = world.addUser({
		user_id: session.userId,
		provider,
		reference_id: session.referenceId,
	});
	if (before) {
		world.removeUser(before.user_id);
		void world.courier.dispatch(userReauthEvent(user, before));
	}
	void world.courier.dispatch(authEvent(user, session.widgetSessionId));
	return user;
}

/** What Terra adds to the success URL. */
function redirectQuery(user: TerraUser): Record<string, string> {
	return {
		user_id: user.user_id,
		resource: user.provider,
		...(user.reference_id !== null && { reference_id: user.reference_id }),
	};
}

function withQuery(address: string, query: Record<string, string>): string {
	const url = new URL(address);
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
	return url.href;
}
