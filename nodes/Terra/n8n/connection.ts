import type {
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';
import type { Connection, HttpRequest, TerraCredential } from '../transport';

type Context = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IWebhookFunctions;

const CREDENTIAL = 'terraApi';

/** The way to Terra with the credential of a node. */
export function connectionOf(context: Context): Connection {
	let credential: Promise<TerraCredential> | undefined;
	return {
		send: async (request) => {
			const signal = eitherOf(request.signal, context);
			const options = optionsFor({ ...request, signal });
			const { httpRequest, httpRequestWithAuthentication } = context.helpers;
			return (await (request.withKeys
				? httpRequestWithAuthentication.call(withSignal(context, signal), CREDENTIAL, options)
				: httpRequest(options))) as IN8nHttpFullResponse;
		},
		// n8n looks a credential up in its database each time; a run of hundreds of requests asks once.
		credential: async () => await (credential ??= readCredential(context)),
	};
}

/** The end of the request, or of the execution. */
function eitherOf(over: AbortSignal | undefined, context: Context): AbortSignal | undefined {
	const cancelled =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return over && cancelled ? AbortSignal.any([over, cancelled]) : (over ?? cancelled);
}

/** With keys n8n puts the execution's signal in the place of the request's: so this is what it gets for it. */
function withSignal(context: Context, signal: AbortSignal | undefined): Context {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as Context;
}

function optionsFor({
	url,
	method,
	query,
	body,
	headers,
	timeoutMs,
	signal,
}: HttpRequest): IHttpRequestOptions {
	return {
		url,
		method,
		qs: query as IHttpRequestOptions['qs'],
		body: body as IHttpRequestOptions['body'],
		headers: headers as IHttpRequestOptions['headers'],
		json: true,
		timeout: timeoutMs,
		abortSignal: signal,
		// The keys must not follow a redirect to another host.
		disableFollowRedirect: true,
		// The status is read by us; left to itself, n8n would send a refused key a second time.
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	};
}

async function readCredential(context: Context): Promise<TerraCredential> {
	const { baseUrl, devId, adminBaseUrl, adminToken } = await context.getCredentials(CREDENTIAL);
	return {
		baseUrl: String(baseUrl),
		devId: String(devId),
		adminBaseUrl: String(adminBaseUrl),
		adminToken: String(adminToken ?? '').trim(),
	};
}
