import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	INodeListSearchResult,
} from 'n8n-workflow';
import { asObject, isObject, type JsonObject } from '../terra/json';
import { socketCode } from './errors';
import { insist, type Patience } from './retry';
import { refusalError, terraRequest } from './client';
import { joinUrl } from './url';
import { judgeJson, type Response } from './verdict';

const ANY_PROVIDER = { name: 'Any Provider', value: '*' };

/** The providers that Terra knows, Xert first, for a resource locator. */
export async function searchProviders(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const { providers } = asObject(await terraRequest.call(this, { path: '/integrations' }));
	const names = (Array.isArray(providers) ? providers : []).map(String).sort();
	const known = [...new Set(['XERT', ...names])].map((value) => ({ name: readable(value), value }));
	const wanted = filter.toLowerCase();
	return {
		results: [...known.slice(0, 1), ANY_PROVIDER, ...known.slice(1)].filter(
			({ name, value }) =>
				name.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
		),
	};
}

/**
 * What Terra says of each provider that is enabled in this environment: its name, and which data it supplies.
 * The API Key is not sent, for with it the list comes back empty.
 *
 * @throws NodeApiError that says what happened and what to do next
 */
export async function enabledProviders(
	this: IExecuteFunctions,
	patience: Patience,
): Promise<JsonObject[]> {
	const path = '/integrations/detailed';
	const request = publicRequest(await this.getCredentials('terraApi'), path);
	const verdict = await insist(async () => judgeJson(await send(this, request), path), patience);
	if (verdict.kind !== 'ok') throw refusalError.call(this, verdict.reason);
	const { providers } = asObject(verdict.value);
	return Array.isArray(providers) ? providers.filter(isObject) : [];
}

function publicRequest(
	{ baseUrl, devId }: ICredentialDataDecryptedObject,
	path: string,
): IHttpRequestOptions {
	return {
		url: joinUrl(String(baseUrl), path),
		qs: { sdk: false },
		headers: { 'dev-id': String(devId) },
		json: true,
		timeout: 20_000,
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	};
}

async function send(context: IExecuteFunctions, request: IHttpRequestOptions): Promise<Response> {
	try {
		return (await context.helpers.httpRequest(request)) as IN8nHttpFullResponse;
	} catch (error) {
		const code = socketCode(error);
		return { error, timedOut: code === 'ECONNABORTED' || code === 'ETIMEDOUT' };
	}
}

/** `GOOGLE_FIT` → "Google Fit". */
export function readable(provider: string): string {
	return provider
		.toLowerCase()
		.replace(
			/(^|[_ ])(\w)/g,
			(_, gap: string, letter: string) => (gap ? ' ' : '') + letter.toUpperCase(),
		);
}
