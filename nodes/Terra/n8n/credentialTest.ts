import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { credentialProblem, type HttpRequest, type HttpResponse } from '../transport';

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
