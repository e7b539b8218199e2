import { withoutControls } from '../text/plain';

/**
 * Safe reading of outside data. Terra omits or nulls whatever it does not have, and one bad field must
 * never cost the rest of a record.
 */
export type JsonObject = { [key: string]: unknown };

export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = {};

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value itself if it is an object, otherwise an empty one, so that its fields can be read without a check. */
export function asObject(value: unknown): JsonObject {
	return isObject(value) ? value : {};
}

/** A non-empty string, or undefined. */
export function asText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The fields of an object or list, for reading only. */
export function fields(value: unknown): Fields {
	return typeof value === 'object' && value !== null ? (value as Fields) : NOTHING;
}

/** The value at a path such as `power_data.avg_watts`, own fields only. */
export function at(record: unknown, path: string): unknown {
	let value = record;
	for (const key of path.split('.')) {
		const parent = fields(value);
		value = Object.hasOwn(parent, key) ? parent[key] : undefined;
	}
	return value;
}

/** A finite number, or null. Text is not converted: Terra sends numbers as numbers. */
export function number(value: unknown): number | null {
	return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A finite number of at least zero, or null: an impossible negative value would reduce a sum. */
export function amount(value: unknown): number | null {
	const known = number(value);
	return known !== null && known >= 0 ? known : null;
}

/** Text that is not empty, without control characters, or null. A number becomes text. */
export function text(value: unknown): string | null {
	if (typeof value === 'string') return withoutControls(value) || null;
	return number(value) === null ? null : String(value);
}

/** The elements of an array, or none. */
export function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? (value as unknown[]) : [];
}
