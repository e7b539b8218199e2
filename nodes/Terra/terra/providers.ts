/** Splits a provider field: one name, or several separated by commas; nothing or `*` is any provider. */
export function splitProviders(text: unknown): string[] {
	const names = typeof text === 'string' ? text.split(',').map((name) => name.trim()) : [];
	return names.includes('*') ? [] : names.filter(Boolean).map((name) => name.toUpperCase());
}
