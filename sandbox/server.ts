import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { adminRoutes } from './admin';
import { applyFault } from './faults';
import { problem } from './problem';
import { registerUnder } from './registerUnder';
import { logRequests } from './requestLog';
import { authRoutes, newestWidgetSession, widgetSessionSuccessor } from './routes/auth';
import { connectRoutes } from './routes/connect';
import { dataRoutes } from './routes/data';
import { integrationRoutes } from './routes/integrations';
import { pageRoutes } from './routes/page';
import { pingRoutes } from './routes/ping';
import { userRoutes } from './routes/users';
import type { World } from './world';

/** Terra serves the same paths under a newer and an older base. */
const DATA_API_BASES = ['/api/v2', '/v2'];

export function makeServer(world: World): FastifyInstance {
	const app = fastify({
		bodyLimit: 64 * 1024 * 1024,
		forceCloseConnections: true,
		exposeHeadRoutes: false,
	});
	logRequests(app, world);
	acceptEmptyJson(app);
	app.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
		problem(reply, error.statusCode ?? 500, error.message);
	});
	app.setNotFoundHandler((_request, reply) => {
		problem(reply, 404, 'no such path');
	});

	for (const prefix of DATA_API_BASES) {
		registerUnder(app, prefix, (api) => {
			addLatencyAndFaults(api, world);
			dataRoutes(api, world);
			userRoutes(api, world);
			authRoutes(api, world);
			integrationRoutes(api, world);
		});
	}
	registerUnder(app, '/api/widget', (widget) => {
		addLatencyAndFaults(widget, world);
		widgetSessionSuccessor(widget, world);
	});
	registerUnder(app, '/widget', (widget) => {
		addLatencyAndFaults(widget, world);
		newestWidgetSession(widget, world);
	});
	registerUnder(app, '/api/v3/admin', (admin) => {
		addLatencyAndFaults(admin, world);
		adminRoutes(admin, world);
	});
	registerUnder(app, '/s3', (s3) => {
		addLatencyAndFaults(s3, world);
		pingRoutes(s3, world);
	});
	connectRoutes(app, world);
	pageRoutes(app, world);
	return app;
}

/** Adds the configured latency to each request, then applies any fault that matches it. */
function addLatencyAndFaults(api: FastifyInstance, world: World): void {
	api.addHook('preValidation', async (request, reply) => {
		if (world.options.latencyMs > 0) {
			await new Promise((resolve) => setTimeout(resolve, world.options.latencyMs));
		}
		if (world.now() < world.silentUntil) {
			problem(reply, 503, 'switched off on the sandbox page');
			return reply;
		}
		const query = request.query as Record<string, string>;
		const fault = world.faults.forRequest({
			method: request.method,
			path: request.url.split('?')[0] ?? '',
			query,
			headers: request.headers,
		});
		if (!fault) return undefined;
		const answered = await applyFault(fault, request, reply, world.find(query['user_id'])?.user);
		return answered ? reply : undefined;
	});
}

/** Many clients send a JSON content type without a body, for example on DELETE. */
function acceptEmptyJson(app: FastifyInstance): void {
	app.removeContentTypeParser('application/json');
	app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
		try {
			done(null, text === '' ? undefined : JSON.parse(String(text)));
		} catch {
			done(Object.assign(new Error('the body is not JSON'), { statusCode: 400 }));
		}
	});
}
