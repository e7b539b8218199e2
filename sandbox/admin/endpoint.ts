import type { AdminScope, AdminToken, AdminVersion } from '../types';
import type { World } from '../world';

/** One request, with its token known and its environment right. */
export interface Call {
	world: World;
	token: AdminToken;
	params: Record<string, string>;
	query: Record<string, string | undefined>;
	body: unknown;
	/** Nothing may change: the answer only says what would. */
	dryRun: boolean;
}

export interface Answer {
	status: number;
	body?: object;
	/** The body for whoever repeats the request with its Idempotency-Key, where it differs. */
	repeated?: object;
}

export interface Endpoint {
	method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
	/** Below the Admin API's base. */
	path: string;
	/** All are needed. */
	scopes: readonly AdminScope[];
	/** The first and the last version that has it. */
	since: AdminVersion;
	until?: AdminVersion;
	/** Throws AdminProblem. */
	run: (call: Call) => Answer;
}

export const ENVIRONMENT = '/environments/:devId';
export const DESTINATIONS = `${ENVIRONMENT}/unified-api/destinations`;
export const DESTINATION = `${DESTINATIONS}/:id`;

/** Versions are dates, so their order is that of the alphabet. */
export function has(version: AdminVersion, endpoint: Endpoint): boolean {
	return endpoint.since <= version && version <= (endpoint.until ?? version);
}

export function rehearsal(would: string, preview: object): Answer {
	return { status: 200, body: { dry_run: true, would, preview } };
}
