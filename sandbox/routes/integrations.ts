import type { FastifyInstance } from 'fastify';
import { PROVIDERS, SDK_PROVIDERS, supports } from '../records';
import { DATA_TYPES } from '../types';
import type { World } from '../world';

/** Public endpoints: they answer without a key, and do not check it. */
export function integrationRoutes(api: FastifyInstance, world: World): void {
	api.get('/integrations', async () => ({
		status: 'success',
		providers: PROVIDERS.map(({ provider }) => provider),
		sdk_providers: SDK_PROVIDERS,
	}));

	api.get('/integrations/detailed', async (request) => ({
		status: 'success',
		providers: detailsFor(world, request.headers['dev-id'], request.headers['x-api-key']),
	}));
}

/** With a dev-id, only the providers enabled there. With a key as well, Terra oddly returns none. */
function detailsFor(world: World, devId: unknown, apiKey: unknown) {
	if (devId && apiKey) return [];
	const enabled = new Set(world.users.map((user) => user.provider).concat('XERT'));
	return PROVIDERS.filter(({ provider }) => !devId || enabled.has(provider)).map(
		({ provider, name }) => ({
			provider,
			name,
			icon: `${world.url}/icons/${provider.toLowerCase()}.svg`,
			setup: null,
			enabled: enabled.has(provider),
			types: Object.fromEntries(DATA_TYPES.map((type) => [type, supports(provider, type)])),
		}),
	);
}
