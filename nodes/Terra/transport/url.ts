/** Joins a base URL, with or without a slash at its end, and a path that starts with one. */
export function joinUrl(baseUrl: string, path: string): string {
	return `${baseUrl.trim().replace(/\/+$/, '')}${path}`;
}
