import { asObject, isObject, type JsonObject } from '../terra/json';
import { expecting } from './answer';
import type { Client } from './client';
import type { Retry } from './retry';

const PROVIDERS = expecting((body): unknown[] | undefined => {
	const { providers } = asObject(body);
	return Array.isArray(providers) ? providers : undefined;
});

/** The names of all providers that Terra knows, such as `XERT`. */
export async function knownProviders(client: Client): Promise<string[]> {
	const about = { kind: 'environment' } as const;
	const providers = await client.get({ path: '/integrations', about, read: PROVIDERS });
	return providers.map(String);
}

/**
 * What Terra says about each provider enabled in this environment: its name, and which data it supplies.
 * The API Key is not sent, because with it the list comes back empty.
 */
export async function enabledProviders(client: Client, retry: Retry): Promise<JsonObject[]> {
	const providers = await client.get(
		{
			path: '/integrations/detailed',
			query: { sdk: false },
			isPublic: true,
			about: { kind: 'environment' },
			read: PROVIDERS,
			timeoutMs: 20_000,
		},
		retry,
	);
	return providers.filter(isObject);
}

/** `GOOGLE_FIT` → "Google Fit". */
export function providerName(provider: string): string {
	return provider
		.toLowerCase()
		.replace(
			/(^|[_ ])(\w)/g,
			(_, gap: string, letter: string) => (gap ? ' ' : '') + letter.toUpperCase(),
		);
}
