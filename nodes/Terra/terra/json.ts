export type JsonObject = { [key: string]: unknown };

/** Terra leaves out or nulls whatever it does not have: this reads one level deeper without asking each time. */
export function asObject(value: unknown): JsonObject {
	return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A non-empty text, or undefined. */
export function asText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}
