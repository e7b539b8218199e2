import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { World } from '../world';
import { accountEndpoints } from './account';
import { dataConfigEndpoints } from './dataConfig';
import { delay } from './delay';
import { destinationEndpoints } from './destinations';
import type { Answer, Endpoint } from './endpoint';
import { has } from './endpoint';
import { eventEndpoints } from './events';
import { generateEndpoints } from './generate';
import { authorize } from './guard';
import { oncePerKey } from './idempotency';
import { olderDestinationEndpoints } from './olderDestinations';
import { olderWebhookEventEndpoints } from './olderWebhookEvents';
import { AdminProblem, answerProblem } from './problem';
import { secretEndpoints } from './secrets';
import { statsEndpoints } from './stats';
import { webhookEventEndpoints } from './webhookEvents';

const ENDPOINTS: Endpoint[] = [
	...accountEndpoints,
	...dataConfigEndpoints,
	...destinationEndpoints,
	...eventEndpoints,
	...generateEndpoints,
	...olderDestinationEndpoints,
	...olderWebhookEventEndpoints,
	...secretEndpoints,
	...statsEndpoints,
	...webhookEventEndpoints,
];

/** Terra's Admin API in all its versions; the setting `adminVersion` selects one. */
export function adminRoutes(admin: FastifyInstance, world: World): void {
	admin.setNotFoundHandler((_request, reply) => notServed(reply));
	admin.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
		const isBadRequest = error.statusCode !== undefined && error.statusCode < 500;
		if (error instanceof AdminProblem) answerProblem(reply, error, world.settings.adminVersion);
		else if (isBadRequest)
			answerProblem(
				reply,
				new AdminProblem('validation_failed', error.message),
				world.settings.adminVersion,
			);
		else throw error;
	});

	for (const versions of groupedByAddress()) {
		const [{ method, path: url }] = versions;
		const handler = async (request: FastifyRequest, reply: FastifyReply) => {
			const endpoint = versions.find((candidate) => has(world.settings.adminVersion, candidate));
			if (!endpoint) return notServed(reply);
			await delay(world.settings.adminDelayMs, request.url.split('?')[0] ?? '');
			const { status, body } = answer(world, request, endpoint);
			return await reply.code(status).send(body);
		};
		admin.route({ method, url, handler });
	}
}

/** Terra's router answers a path that this version lacks, and it does not use problem+json. */
function notServed(reply: FastifyReply): FastifyReply {
	return reply.code(404).send();
}

function groupedByAddress(): Array<[Endpoint, ...Endpoint[]]> {
	const groups = new Map<string, [Endpoint, ...Endpoint[]]>();
	for (const endpoint of ENDPOINTS) {
		const address = `${endpoint.method} ${endpoint.path}`;
		const group = groups.get(address);
		if (group) group.push(endpoint);
		else groups.set(address, [endpoint]);
	}
	return [...groups.values()];
}

function answer(world: World, request: FastifyRequest, endpoint: Endpoint): Answer {
	const query = request.query as Record<string, string | undefined>;
	const call = {
		world,
		token: authorize(world, request, endpoint),
		params: request.params as Record<string, string>,
		query,
		body: request.body,
		dryRun: query['dry_run'] === 'true',
	};
	const run = () => endpoint.run(call);
	return endpoint.method === 'GET' || call.dryRun ? run() : oncePerKey(world, request, run);
}
