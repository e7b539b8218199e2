import type { Body } from './fields';
import { bodyOf, isBody, isWebAddress, switchesOf } from './fields';
import { invalid } from './problem';

/** What a request says of a destination; what it leaves out is not there. */
export interface DestinationChange {
	url?: string | null;
	/** Null: the default. */
	delivery?: 'ping' | 'push' | null;
	active?: boolean;
	eventTypes?: string[] | null;
}

/** A new destination. Without `active: false` it must be complete. */
export function newFields(value: unknown) {
	const body = bodyOf(value);
	if (body['type'] !== undefined && body['type'] !== 'webhook')
		throw invalid('type', 'only webhook destinations can be made here');
	const fields = {
		...configOrOlderForm(body),
		...switchesOf(body),
		usesEnvironmentSecret: sourceOf(body) === 'environment',
	};
	if (fields.active !== false) checkComplete(fields.url ?? null);
	return fields;
}

/** The type is fixed, and a URL is changed inside `config` only. */
export function changedFields(value: unknown): DestinationChange {
	const body = bodyOf(value);
	const known = ['active', 'event_types', 'config'];
	const fixed = Object.keys(body).find((key) => !known.includes(key));
	if (fixed !== undefined) throw invalid(fixed, 'cannot be changed');
	return { ...(body['config'] !== undefined && configOf(body['config'])), ...switchesOf(body) };
}

export function checkComplete(url: string | null): void {
	if (url === null) throw invalid('config.url', 'an active destination must have one');
}

/** `url` and `metadata` are how destinations were made before `config`. */
function configOrOlderForm(body: Body): DestinationChange & { metadata?: unknown } {
	const { config, url, metadata } = body;
	if (config === undefined) {
		if (url !== undefined && !isWebAddress(url)) throw invalid('url', 'must be a web address');
		return { ...(url !== undefined && { url }), metadata };
	}
	if (url !== undefined) throw invalid('url', 'cannot stand beside config');
	if (metadata !== undefined) throw invalid('metadata', 'cannot stand beside config');
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
