import { asObject } from '../terra/json';
import { exchange, isResponse, type Connection, type HttpResponse } from './exchange';
import { joinUrl } from './url';

const EXAMPLE_URL = 'https://access.tryterra.co/api/v2';

/**
 * Asks for one user, which needs a valid pair of Developer ID and API Key. The public endpoints
 * (`/integrations`) would accept any key.
 *
 * @returns what is wrong and what to do; undefined if Terra accepts the credential
 */
export async function credentialProblem(
	connection: Pick<Connection, 'send'>,
	baseUrl: string,
): Promise<string | undefined> {
	const text = joinUrl(baseUrl, '/subscriptions?page=0&per_page=1');
	if (!URL.canParse(text)) {
		return `The Base URL is not a web address: it must look like ${EXAMPLE_URL}`;
	}
	const url = new URL(text);
	const response = await exchange(connection, {
		url: url.href,
		method: 'GET',
		withKeys: true,
		timeoutMs: 20_000,
	});
	return isResponse(response) ? problemIn(response) : unreachable(url.host, response.code);
}

function problemIn({ statusCode: status, body }: HttpResponse): string | undefined {
	if (status === 401 || status === 403) {
		return 'Terra does not know this pair of Developer ID and API Key. Either the API Key is wrong, or the two belong to different environments (Testing, Staging, Production): in the dashboard, copy both again from API Keys of one environment.';
	}
	if (status === 429 || status >= 500) {
		return `Terra cannot answer just now (status ${status}). Try again in a minute.`;
	}
	const isTerra = status === 200 && isUserList(body);
	return isTerra
		? undefined
		: `The Base URL does not lead to Terra's API (status ${status}): it must look like ${EXAMPLE_URL}`;
}

/** Any of the shapes in which Terra lists users. */
function isUserList(body: unknown): boolean {
	const { data, results, users } = asObject(body);
	return [asObject(data).results, results, users].some(Array.isArray);
}

function unreachable(host: string, code: string | undefined): string {
	if (code === 'ERR_INVALID_CHAR') {
		return 'The Developer ID or API Key contains a line break or another invisible character: paste both again.';
	}
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
		return `There is no host ${host}: check the Base URL and this machine's internet connection.`;
	}
	if (code?.includes('CERT') || code?.includes('SSL') || code?.includes('TLS')) {
		return `The connection to ${host} is not trusted (${code}): check the Base URL, and any proxy between n8n and Terra.`;
	}
	return `The host ${host} cannot be reached (${code ?? 'no answer'}): check the Base URL, and any firewall or proxy between n8n and Terra.`;
}
