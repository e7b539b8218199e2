import { asText, isObject, type JsonObject } from '../terra/json';
import { expecting } from './answer';
import type { Client, TerraRequest } from './client';
import type { TerraError } from './terraError';

/** Optional settings of a connection link. */
export interface LinkSettings {
	reference_id?: string;
	language?: string;
	auth_success_redirect_url?: string;
	auth_failure_redirect_url?: string;
}

/** Asks for a link that leads straight to one provider: `{ auth_url, user_id }`. */
export async function linkToProvider(
	client: Client,
	provider: string,
	settings: LinkSettings,
): Promise<JsonObject> {
	return await client.get({
		path: '/auth/authenticateUser',
		method: 'POST',
		query: { resource: provider },
		body: { ...settings },
		about: { kind: 'link' },
		read: expecting((answer) => withLink(answer, 'auth_url')),
	});
}

/** An answer with a link in this field. */
function withLink(answer: unknown, field: string): JsonObject | undefined {
	return isObject(answer) && asText(answer[field]) !== undefined ? answer : undefined;
}

type Endpoint = Pick<TerraRequest<unknown>, 'path' | 'base'>;

/** Terra's documentation and specification disagree about the path of the newer widget. */
const WIDGET_ENDPOINTS: Endpoint[] = [
	{ path: '/auth/generateWidgetSession' },
	{ path: '/api/widget/session', base: newHost },
	{ path: '/widget/session', base: newHost },
	{ path: '/widget/api/session', base: newHost },
];

/**
 * Asks for a link to a page that lists providers: `{ url, session_id, expires_in }`. Terra is retiring the first endpoint
 * and answers new accounts with 410: then its successor is asked.
 *
 * @param providers separated by commas; empty for all that are enabled
 * @see https://docs.tryterra.co/reference/authentication
 */
export async function linkToWidget(
	client: Client,
	providers: string,
	settings: LinkSettings,
): Promise<JsonObject> {
	const body: JsonObject = { ...settings, ...(providers && { providers }) };
	const read = expecting((answer) => withLink(answer, 'url'));
	let error: TerraError | undefined;
	for (const [index, endpoint] of WIDGET_ENDPOINTS.entries()) {
		const answer = await client.ask({
			...endpoint,
			method: 'POST',
			body,
			about: { kind: 'link' },
			read,
		});
		if (answer.kind === 'data') return answer.value;
		error = answer.error;
		const isElsewhere = error.httpCode === '410' || (error.httpCode === '404' && index > 0);
		if (!isElsewhere) break;
	}
	throw error!;
}

/** The newer widget is only on Terra's newer host, even if the credential still uses the older one. */
function newHost(baseUrl: string): string {
	const url = new URL(baseUrl);
	if (url.hostname === 'api.tryterra.co') url.hostname = 'access.tryterra.co';
	return url.origin;
}
