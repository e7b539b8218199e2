import type {
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import {
	adminOf,
	type Admin,
	type Connection,
	type HttpRequest,
	type TerraCredential,
} from '../transport';

type Context =
	| IExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| ITriggerFunctions
	| IWebhookFunctions;

/** The API key of an environment, and the token of a person for the Admin API. */
type CredentialType = 'terraApi' | 'terraAdminApi';

/** The way to Terra with a credential of a node. */
export function connectionOf(context: Context, type: CredentialType = 'terraApi'): Connection {
	let credential: Promise<TerraCredential> | undefined;
	return {
		send: async (request) => {
			const signal = eitherOf(request.signal, context);
			const options = optionsFor({ ...request, signal });
			const { httpRequest, httpRequestWithAuthentication } = context.helpers;
			return (await (request.withKeys
				? httpRequestWithAuthentication.call(withSignal(context, signal), type, options)
				: httpRequest(options))) as IN8nHttpFullResponse;
		},
		// n8n looks a credential up in its database each time; a run of hundreds of requests asks once.
		credential: async () => await (credential ??= readCredential(context, type)),
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

/** Whether the node has a Terra Admin API credential. */
const hasAdminCredential = (context: Pick<Context, 'getNode'>): boolean =>
	context.getNode().credentials?.terraAdminApi !== undefined;

/** @returns undefined for a node without such a credential */
export async function adminFor(context: Context): Promise<Admin | undefined> {
	return hasAdminCredential(context)
		? await adminOf(connectionOf(context, 'terraAdminApi'))
		: undefined;
}

/** The signing secret of the environment, as the Admin API told it; empty if nobody has asked, or it does not tell. */
export async function environmentSecret(context: Context): Promise<string> {
	if (!hasAdminCredential(context)) return '';
	const { signingSecret } = await context.getCredentials('terraAdminApi');
	return String(signingSecret ?? '');
}

/**
 * Has n8n ask for the environment's signing secret again, and keep it. n8n does so when Terra answers 401, which it
 * does to a token that is none.
 */
export async function renewEnvironmentSecret(context: Context, signal: AbortSignal): Promise<void> {
	const { baseUrl } = await readCredential(context, 'terraAdminApi');
	await context.helpers.httpRequestWithAuthentication
		.call(withSignal(context, signal), 'terraAdminApi', {
			url: `${baseUrl.replace(/\/+$/, '')}/me`,
			headers: { authorization: 'Bearer none' },
			abortSignal: signal,
		})
		.catch(() => undefined);
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

async function readCredential(context: Context, type: CredentialType): Promise<TerraCredential> {
	const { baseUrl, devId } = await context.getCredentials(type);
	return { baseUrl: String(baseUrl).trim(), devId: String(devId).trim() };
}
