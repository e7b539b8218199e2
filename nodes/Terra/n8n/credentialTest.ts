import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { isEmpty } from '../fields/values';
import {
	adminCredentialProblem,
	credentialProblem,
	type Connection,
	type HttpResponse,
} from '../transport';

type Decrypted = ICredentialsDecrypted<ICredentialDataDecryptedObject>;

/** What n8n runs when a person saves the credential. */
export async function testTerraApi(
	this: ICredentialTestFunctions,
	{ data = {} }: Decrypted,
): Promise<INodeCredentialTestResult> {
	const { devId, apiKey, baseUrl, signingSecrets } = data;
	const send = senderOf(this, { 'dev-id': devId, 'x-api-key': apiKey });
	const problem = await credentialProblem({ send }, String(baseUrl));
	return resultOf(problem, isEmpty(signingSecrets) ? NO_SECRET : UNCHECKED);
}

/** The same for a person's token. */
export async function testTerraAdminApi(
	this: ICredentialTestFunctions,
	{ data = {} }: Decrypted,
): Promise<INodeCredentialTestResult> {
	const [baseUrl, devId, token] = [data.baseUrl, data.devId, data.token].map((value) =>
		String(value).trim(),
	) as [string, string, string];
	const send = senderOf(this, { authorization: `Bearer ${token}` });
	return resultOf(
		await adminCredentialProblem({ send, credential: async () => ({ baseUrl, devId }) }),
	);
}

/** The only request helper that n8n offers to a credential test. */
function senderOf({ helpers }: ICredentialTestFunctions, headers: object): Connection['send'] {
	return async ({ url, method, query, timeoutMs }) =>
		(await helpers.request({
			uri: url,
			method,
			qs: query,
			headers: { ...headers, accept: 'application/json' },
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: timeoutMs,
		})) as HttpResponse;
}

/** What the test cannot check. */
const UNCHECKED = 'The Signing Secret is checked by the first delivery.';
const NO_SECRET = 'There is no Signing Secret yet: a Terra Trigger needs it before you publish.';

function resultOf(problem: string | undefined, remark = ''): INodeCredentialTestResult {
	return problem === undefined
		? { status: 'OK', message: `Connection successful! ${remark}`.trim() }
		: { status: 'Error', message: problem };
}
