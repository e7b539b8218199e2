import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { isObject } from '../terra/json';
import { joinUrl } from './url';

/**
 * Asks for one user, which only a right pair of Developer ID and API Key may see. The public endpoints
 * (`/integrations`) would accept any key.
 */
export async function testTerraApi(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const { devId, apiKey, baseUrl } = data;
	let url: URL;
	try {
		url = new URL(joinUrl(String(baseUrl), '/subscriptions?page=0&per_page=1'));
	} catch {
		return failed(`The Base URL is not a web address: it must look like ${EXAMPLE_URL}`);
	}

	// The only way to send a request that n8n offers to a credential test.
	const { request } = this.helpers;
	try {
		const response = (await request({
			uri: url.href,
			headers: { 'dev-id': devId, 'x-api-key': apiKey, accept: 'application/json' },
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: 20_000,
		})) as { statusCode: number; body: unknown };
		return judge(response.statusCode, response.body);
	} catch (error) {
		return failed(unreachable(url.host, error));
	}
}

const EXAMPLE_URL = 'https://access.tryterra.co/api/v2';

function judge(status: number, body: unknown): INodeCredentialTestResult {
	if (status === 401 || status === 403) {
		return failed(
			'Terra does not know this pair of Developer ID and API Key. Either the API Key is wrong, or the two belong to different environments (Testing, Staging, Production): copy both again from API Keys of one environment in the dashboard.',
		);
	}
	if (status === 429 || status >= 500) {
		return failed(`Terra cannot answer just now (status ${status}). Try again in a minute.`);
	}
	const isTerra = status === 200 && isObject(body) && ('data' in body || 'users' in body);
	if (!isTerra) {
		return failed(
			`The Base URL does not lead to Terra's API (status ${status}): it must look like ${EXAMPLE_URL}`,
		);
	}
	return { status: 'OK', message: 'Connection successful!' };
}

function unreachable(host: string, error: unknown): string {
	const code = findCode(error);
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
		return `There is no host ${host}: check the Base URL and this machine's internet connection.`;
	}
	if (code?.includes('CERT') || code?.includes('SSL') || code?.includes('TLS')) {
		return `The connection to ${host} is not trusted (${code}): check the Base URL, and any proxy between n8n and Terra.`;
	}
	return `The host ${host} cannot be reached (${code ?? 'no answer'}): check the Base URL, and any firewall or proxy between n8n and Terra.`;
}

/** n8n wraps the socket's error once or twice, depending on its version. */
function findCode(error: unknown, depth = 0): string | undefined {
	if (!isObject(error) || depth > 3) return undefined;
	if (typeof error.code === 'string') return error.code;
	return findCode(error.cause, depth + 1) ?? findCode(error.error, depth + 1);
}

function failed(message: string): INodeCredentialTestResult {
	return { status: 'Error', message };
}
