import type { Body } from './fields';
import { bodyOf, isBody, isWebAddress, switchesOf } from './fields';
import { invalid } from './problem';

/** The fields of a destination that a request sets; fields it omits are missing here. */
export interface DestinationChange {
	url?: string | null;
	/** Null: the default. */
	delivery?: 'ping' | 'push' | null;
	active?: boolean;
	eventTypes?: string[] | null;
}

/** Reads the body that creates a destination. It must be complete unless `active` is false. */
export function newFields(value: unknown) {
	const body = bodyOf(value);
	if (body['type'] !== undefined && body['type'] !== 'webhook')
		throw invalid('type', 'only webhook destinations can be created here');
	const fields = {
		...configOrOlderForm(body),
		...switchesOf(body),
		usesEnvironmentSecret: sourceOf(body) === 'environment',
	};
	if (fields.active !== false) checkComplete(fields.url ?? null);
	return fields;
}

/** Reads the body of a PATCH. The type cannot change, and the URL can only change inside `config`. */
export function changedFields(value: unknown): DestinationChange {
	const body = bodyOf(value);
	const known = ['active', 'event_types', 'config'];
	const fixed = Object.keys(body).find((key) => !known.includes(key));
	if (fixed !== undefined) throw invalid(fixed, 'cannot be changed');
	return { ...(body['config'] !== undefined && configOf(body['config'])), ...switchesOf(body) };
}

export function checkComplete(url: string | null): void {
	if (url === null) throw invalid('config.url', 'is required for an active destination');
}

/** Before `config` existed, a destination was created from `url` and `metadata`. */
function configOrOlderForm(body: Body): DestinationChange & { metadata?: unknown } {
	const { config, url, metadata } = body;
	if (config === undefined) {
		if (url !== undefined && !isWebAddress(url)) throw invalid('url', 'must be a web address');
		return { ...(url !== undefined && { url }), metadata };
	}
	if (url !== undefined) throw invalid('url', 'cannot be combined with config');
	if (metadata !== undefined) throw invalid('metadata', 'cannot be combined with config');
	return configOf(config);
}

function configOf(config: unknown): DestinationChange {
	if (!isBody(config)) throw invalid('config', 'must be an object');
	const { url, delivery, ...others } = config;
	const [unknown] = Object.keys(others);
	if (unknown !== undefined) throw invalid(`config.${unknown}`, 'no such field');
	if (url !== undefined && url !== null && !isWebAddress(url))
		throw invalid('config.url', 'must be a web address');
	if (delivery !== undefined && delivery !== null && delivery !== 'push' && delivery !== 'ping')
		throw invalid('config.delivery', 'must be push or ping');
	return { ...(url !== undefined && { url }), ...(delivery !== undefined && { delivery }) };
}

function sourceOf(body: Body): 'destination' | 'environment' {
	const source = body['signing_secret_source'] ?? 'destination';
	if (source === 'destination' || source === 'environment') return source;
	throw invalid('signing_secret_source', 'must be destination or environment');
}
