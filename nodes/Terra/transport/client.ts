import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { socketCode } from './errors';
import { insist, type Patience } from './retry';
import { joinUrl } from './url';
import { judgeJson, type Refusal, type Response } from './verdict';

export interface TerraRequest {
	path: string;
	/** Another base URL than the credential's, made from it. */
	base?: (baseUrl: string) => string;
	method?: IHttpRequestMethods;
	query?: IDataObject;
	body?: IDataObject | unknown[];
	/** Milliseconds. */
	timeout?: number;
}

type Caller = IExecuteFunctions | ILoadOptionsFunctions;

/** Longer than the 30 s after which Terra's gateway gives up, so that its answer can be read. */
export const DEFAULT_TIMEOUT_SECONDS = 60;

/** Without patience a failure that would pass by is shown at once. */
const NO_PATIENCE: Patience = { pause: async () => {}, longestWaitMs: 0 };

/**
 * Sends one request to Terra with the credential's keys.
 *
 * @param patience how to wait and repeat; only for requests that may safely be made twice
 * @returns Terra's answer to a successful request, as parsed JSON
 * @throws NodeApiError that says what happened and what to do next; `httpCode` is Terra's status
 */
export async function terraRequest(
	this: Caller,
	request: TerraRequest,
	patience = NO_PATIENCE,
): Promise<unknown> {
	const verdict = await insist(
		async () => judgeJson(await exchange.call(this, request), request.path),
		patience,
	);
	if (verdict.kind === 'ok') return verdict.value;
	throw refusalError.call(this, verdict.reason);
}

/** What n8n shows for a refusal. */
export function refusalError(
	this: Caller,
	{ message, description, httpCode }: Refusal,
	itemIndex?: number,
): NodeApiError {
	return new NodeApiError(this.getNode(), { message, description } as JsonObject, {
		message,
		description,
		httpCode,
		itemIndex,
	});
}

/** One request and its answer, whatever it is. */
export async function exchange(
	this: Caller,
	{
		path,
		base,
		method = 'GET',
		query,
		body,
		timeout = DEFAULT_TIMEOUT_SECONDS * 1000,
	}: TerraRequest,
): Promise<Response> {
	const baseUrl = await baseUrlFor(this);
	try {
		return (await this.helpers.httpRequestWithAuthentication.call(this, 'terraApi', {
			url: joinUrl(base ? base(baseUrl) : baseUrl, path),
			method,
			qs: query,
			body,
			json: true,
			timeout,
			// The keys must not follow a redirect to another host.
			disableFollowRedirect: true,
			// The status is judged by us; left to itself, n8n would send a refused key a second time.
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		})) as IN8nHttpFullResponse;
	} catch (error) {
		const code = socketCode(error);
		return { error, timedOut: code === 'ECONNABORTED' || code === 'ETIMEDOUT' };
	}
}

/** n8n looks a credential up in its database each time; a run of hundreds of requests asks for the URL once. */
const baseUrls = new WeakMap<Caller, Promise<string>>();

async function baseUrlFor(context: Caller): Promise<string> {
	const known =
		baseUrls.get(context) ??
		context.getCredentials('terraApi').then(({ baseUrl }) => String(baseUrl));
	baseUrls.set(context, known);
	return await known;
}
