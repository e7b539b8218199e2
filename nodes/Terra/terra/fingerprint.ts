import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from './json';

/**
 * A short string that changes when a record does. Neither the order of its fields nor the device's own data (when it last
 * synchronised) counts as a change.
 */
export function fingerprint({ device_data, ...record }: JsonObject): string {
	void device_data;
	return createHash('sha256')
		.update(JSON.stringify(sorted(record)))
		.digest('base64url')
		.slice(0, 8);
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.keys(value)
			.sort()
			.map((name) => [name, sorted(value[name])]),
	);
}
