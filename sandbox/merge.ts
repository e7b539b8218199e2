const isPlainObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Deep-merges `change` into a copy of `base`. Arrays and plain values are replaced. */
export function merge<T extends object>(base: T, change: object): T {
	const merged = { ...base } as Record<string, unknown>;
	for (const [key, value] of Object.entries(change)) {
		const before = merged[key];
		merged[key] = isPlainObject(before) && isPlainObject(value) ? merge(before, value) : value;
	}
	return merged as T;
}

/** Empties every sample array, as `with_samples=false` does. `TSS_samples` is a summary despite its name. */
export function withoutSamples<T>(value: T): T {
	if (Array.isArray(value)) return value.map(withoutSamples) as T;
	if (!isPlainObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, child]) =>
			/_samples(_|$)/.test(key) && key !== 'TSS_samples' && Array.isArray(child)
				? [key, []]
				: [key, withoutSamples(child)],
		),
	) as T;
}
