/** Joins a base URL, with or without a slash at its end, and a path that starts with one. */
export function joinUrl(baseUrl: string, path: string): string {
	return `${baseUrl.trim().replace(/\/+$/, '')}${path}`;
}

/** One spelling for each address, so that two can be compared: host in lower case, no default port. */
export function canonicalUrl(url: string): string {
	return URL.canParse(url) ? new URL(url).href : url;
}
