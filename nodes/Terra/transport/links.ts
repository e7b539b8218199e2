import type { JsonObject } from '../terra/json';
import type { Client, TerraRequest } from './client';

/** What Terra can be told about a connection that is to be made; all of it optional. */
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
): Promise<unknown> {
	return await client.get({
		path: '/auth/authenticateUser',
		method: 'POST',
		query: { resource: provider },
		body: { ...settings },
		about: { kind: 'link' },
	});
}

type Endpoint = Pick<TerraRequest, 'path' | 'base'>;

/** Terra's documentation and its specification disagree on where the newer widget is. */
const WIDGET_ENDPOINTS: Endpoint[] = [
	{ path: '/auth/generateWidgetSession' },
	{ path: '/api/widget/session', base: newHost },
	{ path: '/widget/api/session', base: newHost },
];

/**
 * Asks for a link to a page that lists providers: `{ url, session_id, expires_in }`. Terra is closing the first
 * endpoint, and answers new accounts with 410: then its successor is asked.
 *
 * @param providers separated by commas; empty for all that are enabled
 * @see https://docs.tryterra.co/reference/authentication
 */
export async function linkToWidget(
	client: Client,
	providers: string,
	settings: LinkSettings,
): Promise<unknown> {
	const body: JsonObject = { ...settings, ...(providers && { providers }) };
	for (const [index, endpoint] of WIDGET_ENDPOINTS.entries()) {
		const answer = await client.ask({ ...endpoint, method: 'POST', body, about: { kind: 'link' } });
		if (answer.kind === 'data') return answer.value;
		const { httpCode } = answer.error;
		const isElsewhere = httpCode === '410' || (httpCode === '404' && index > 0);
		if (!isElsewhere || index === WIDGET_ENDPOINTS.length - 1) throw answer.error;
	}
	return undefined;
}

/** The newer widget is on Terra's newer host only, also for a credential that still uses the older one. */
function newHost(baseUrl: string): string {
	const url = new URL(baseUrl);
	if (url.hostname === 'api.tryterra.co') url.hostname = 'access.tryterra.co';
	return url.origin;
}
