import { NodeApiError, type IExecuteFunctions, type JsonObject } from 'n8n-workflow';
import { terraRequest, type TerraRequest } from './client';

/** What Terra can be told about a connection that is to be made; all of it optional. */
export interface LinkWishes {
	reference_id?: string;
	language?: string;
	auth_success_redirect_url?: string;
	auth_failure_redirect_url?: string;
}

/** Asks for a link that leads straight to one provider: `{ auth_url, user_id }`. */
export async function linkToProvider(
	this: IExecuteFunctions,
	provider: string,
	wishes: LinkWishes,
): Promise<unknown> {
	return await terraRequest.call(this, {
		path: '/auth/authenticateUser',
		method: 'POST',
		query: { resource: provider },
		body: { ...wishes },
	});
}

type Place = Pick<TerraRequest, 'path' | 'base'>;

/** Terra's documentation and its specification disagree on where the newer widget is. */
const PLACES: Place[] = [
	{ path: '/auth/generateWidgetSession' },
	{ path: '/api/widget/session', base: newHost },
	{ path: '/widget/api/session', base: newHost },
];

/**
 * Asks for a link to a page that lists providers: `{ url, session_id, expires_in }`. Terra lets this end for
 * older accounts and refuses it for new ones with a 410: then its successor is asked.
 *
 * @param providers separated by commas; empty for all that are enabled
 */
export async function linkToChoose(
	this: IExecuteFunctions,
	providers: string,
	wishes: LinkWishes,
): Promise<unknown> {
	const request = {
		method: 'POST' as const,
		body: { ...wishes, ...(providers && { providers }) },
	};
	return await askAt.call(this, PLACES, request);
}

async function askAt(
	this: IExecuteFunctions,
	[place, ...others]: Place[],
	request: Omit<TerraRequest, 'path'>,
): Promise<unknown> {
	try {
		return await terraRequest.call(this, { ...request, ...place! });
	} catch (error) {
		const { httpCode } = error as { httpCode?: string };
		const isElsewhere = httpCode === '410' || (httpCode === '404' && place!.base !== undefined);
		if (isElsewhere && others.length > 0) return await askAt.call(this, others, request);
		// An error of n8n's own kind comes back as it is.
		throw new NodeApiError(this.getNode(), error as JsonObject);
	}
}

/** The newer widget is on Terra's newer host only, also for a credential that still uses the older one. */
function newHost(baseUrl: string): string {
	const url = new URL(baseUrl);
	if (url.hostname === 'api.tryterra.co') url.hostname = 'access.tryterra.co';
	return url.origin;
}
