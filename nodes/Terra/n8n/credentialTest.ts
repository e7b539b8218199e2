import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import {
	adminCredentialProblem,
	credentialProblem,
	type HttpRequest,
	type HttpResponse,
} from '../transport';

/** What n8n runs when a person saves the credential. */
export async function testTerraApi(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const { devId, apiKey, baseUrl } = data;
	// The only way to send a request that n8n offers to a credential test.
	const { request } = this.helpers;
	const send = async ({ url, timeoutMs }: HttpRequest) =>
		(await request({
			uri: url,
			headers: { 'dev-id': devId, 'x-api-key': apiKey, accept: 'application/json' },
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: timeoutMs,
		})) as HttpResponse;

	const problem = await credentialProblem({ send }, String(baseUrl));
	return problem === undefined
		? { status: 'OK', message: 'Connection successful!' }
		: { status: 'Error', message: problem };
}

/** The same for the token of a person. */
export async function testTerraAdminApi(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const { request } = this.helpers;
	const send = async ({ url, method, query, timeoutMs }: HttpRequest) =>
		(await request({
			uri: url,
			method,
			qs: query,
			headers: { authorization: `Bearer ${String(data.token).trim()}`, accept: 'application/json' },
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: timeoutMs,
		})) as HttpResponse;
	const credential = async () => ({
		baseUrl: String(data.baseUrl).trim(),
		devId: String(data.devId).trim(),
	});

	const problem = await adminCredentialProblem({ send, credential });
	return problem === undefined
		? { status: 'OK', message: 'Connection successful!' }
		: { status: 'Error', message: problem };
}
