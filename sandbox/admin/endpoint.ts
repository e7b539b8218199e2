import type { AdminScope, AdminToken, AdminVersion } from '../types';
import type { World } from '../world';

/** A request whose token and environment have been checked. */
export interface Call {
	world: World;
	token: AdminToken;
	params: Record<string, string>;
	query: Record<string, string | undefined>;
	body: unknown;
	/** Change nothing; only answer what would change. */
	dryRun: boolean;
}

export interface Answer {
	status: number;
	body?: object;
	/** The body for a repeated request with the same Idempotency-Key, if it differs. */
	repeated?: object;
}

export interface Endpoint {
	method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
	/** Below the Admin API's base. */
	path: string;
	/** The token needs all of them. */
	scopes: readonly AdminScope[];
	/** First and last version that has this endpoint; no `until`: it is still there. */
	since: AdminVersion;
	until?: AdminVersion;
	/** Throws AdminProblem. */
	run: (call: Call) => Answer;
}

export const ENVIRONMENT = '/environments/:devId';
export const DESTINATIONS = `${ENVIRONMENT}/unified-api/destinations`;
export const DESTINATION = `${DESTINATIONS}/:id`;

/** Versions are dates, so they compare as text. */
export function has(version: AdminVersion, endpoint: Endpoint): boolean {
	return endpoint.since <= version && version <= (endpoint.until ?? version);
}

export function dryRunAnswer(would: string, preview: object): Answer {
	return { status: 200, body: { dry_run: true, would, preview } };
}
