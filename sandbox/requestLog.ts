import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiRequest } from './types';
import type { World } from './world';

const SECRET_HEADERS = new Set(['x-api-key', 'authorization', 'cookie']);

/** Logs every request to Terra's endpoints. Keys are redacted before anything is stored. */
export function logRequests(app: FastifyInstance, world: World): void {
	app.addHook('onRequest', async (request, reply) => {
		const path = request.url.split('?')[0] ?? '';
		if (!/^\/(api|v2|s3|widget)\//.test(path)) return;
		const entry: ApiRequest = {
			method: request.method,
			path,
			query: { ...(request.query as Record<string, string>) },
			headers: headersOf(request),
			at: world.now(),
		};
		world.requests.push(entry);
		reply.raw.on('finish', () => {
			entry.status = reply.raw.statusCode;
			world.options.log(`${entry.method} ${request.url}: ${entry.status}`);
		});
	});
}

function headersOf(request: FastifyRequest): Record<string, string> {
	return Object.fromEntries(
		Object.entries(request.headers).map(([name, value]) => [
			name,
			SECRET_HEADERS.has(name) ? '(redacted)' : String(value),
		]),
	);
}
