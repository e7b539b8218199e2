import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { explainFailure, explainSilence } from './errors';
import { joinUrl } from './url';

export interface TerraRequest {
	path: string;
	method?: IHttpRequestMethods;
	query?: IDataObject;
	body?: IDataObject | unknown[];
}

/** Longer than the 30 s after which Terra's gateway gives up, so that its answer can be read. */
const TIMEOUT_MS = 60_000;

/**
 * Sends one request to Terra with the credential's keys.
 *
 * @returns Terra's answer to a successful request, as parsed JSON
 * @throws NodeApiError that says what happened and what to do next; `httpCode` is Terra's status
 */
export async function terraRequest(
	this: IExecuteFunctions | ILoadOptionsFunctions,
	request: TerraRequest,
): Promise<unknown> {
	const { baseUrl } = await this.getCredentials('terraApi');
	const response = await send.call(this, String(baseUrl), request);
	if (response.statusCode >= 200 && response.statusCode < 300) return response.body;

	const { message, description } = explainFailure(response, request);
	throw new NodeApiError(this.getNode(), { message, description } as JsonObject, {
		message,
		description,
		httpCode: String(response.statusCode),
	});
}

async function send(
	this: IExecuteFunctions | ILoadOptionsFunctions,
	baseUrl: string,
	{ path, method = 'GET', query, body }: TerraRequest,
): Promise<IN8nHttpFullResponse> {
	try {
		return (await this.helpers.httpRequestWithAuthentication.call(this, 'terraApi', {
			url: joinUrl(baseUrl, path),
			method,
			qs: query,
			body,
			json: true,
			timeout: TIMEOUT_MS,
			// The keys must not follow a redirect to another host.
			disableFollowRedirect: true,
			// The status is judged above; left to itself, n8n would send a refused key a second time.
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		})) as IN8nHttpFullResponse;
	} catch (error) {
		const { message, description } = explainSilence(error);
		throw new NodeApiError(this.getNode(), error as JsonObject, { message, description });
	}
}
