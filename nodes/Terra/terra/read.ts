/**
 * Safe reading of records from outside. Whatever is not what it should be is null,
 * so that one odd field never costs the rest of a row.
 */
export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = {};

/** The value itself if it is an object with fields, otherwise an empty one. */
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

/** A finite number, or null. Text is not turned into a number: Terra sends numbers as numbers. */
export function number(value: unknown): number | null {
	return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Text that is not empty, or null. A number becomes text, since ids of some providers are numbers. */
export function text(value: unknown): string | null {
	if (typeof value === 'string') return value === '' ? null : value;
	return number(value) === null ? null : String(value);
}

/** The elements of an array, or none. */
export function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? (value as unknown[]) : [];
}
