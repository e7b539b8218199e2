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

/** An environment's API key, and a person's token for the Admin API. */
type CredentialType = 'terraApi' | 'terraAdminApi';

/** The connection to Terra with a node's credential. */
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
		// n8n reads a credential from its database each time; a run of hundreds of requests reads it once.
		credential: async () => await (credential ??= readCredential(context, type)),
	};
}

/** Aborts with the request, or with the execution. */
function eitherOf(signal: AbortSignal | undefined, context: Context): AbortSignal | undefined {
	const cancelled =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return signal && cancelled ? AbortSignal.any([signal, cancelled]) : (signal ?? cancelled);
}

/** For requests with keys n8n replaces the request's signal with the execution's, so this replaces the latter. */
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

/** The environment's signing secret from the Admin API; empty if not fetched yet, or if the API does not return it. */
export async function environmentSecret(context: Context): Promise<string> {
	if (!hasAdminCredential(context)) return '';
	const { signingSecret } = await context.getCredentials('terraAdminApi');
	return String(signingSecret ?? '');
}

/**
 * Makes n8n fetch the environment's signing secret again, and store it. n8n does so when Terra answers 401, which an
 * invalid token causes.
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
		// We check the status: otherwise n8n would send a refused key a second time.
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	};
}

async function readCredential(context: Context, type: CredentialType): Promise<TerraCredential> {
	const { baseUrl, devId } = await context.getCredentials(type);
	return { baseUrl: String(baseUrl).trim(), devId: String(devId).trim() };
}
