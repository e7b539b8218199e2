import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

const TIMEOUT_MS = 10_000;

/**
 * A person's token for Terra's Admin API, with which the Terra Trigger registers its webhook.
 *
 * A separate type, because n8n fetches and keeps a value in it (the signing secret), and because such a token expires
 * while the API key does not.
 */
export class TerraAdminApi implements ICredentialType {
	name = 'terraAdminApi';

	displayName = 'Terra Admin API';

	icon = { light: 'file:../icons/terra.svg', dark: 'file:../icons/terra.dark.svg' } as const;

	documentationUrl = 'https://github.com/n8n-nodes-terra/n8n-nodes-terra#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Developer ID',
			name: 'devId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. my-club-prod-a1b2c3',
			description: 'The same as in the Terra API credential',
		},
		{
			displayName: 'Personal Access Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'In Terra\'s <a href="https://dashboard.tryterra.co" target="_blank">dashboard</a>: <b>Settings</b> → <b>Personal Access Tokens</b>, with the scopes destinations:read, destinations:write and keys:read (the preset "Coding agent" has them all); to send test events also testdata:write. It expires after 90 days at most; what is already set up keeps working.',
			hint: 'With the scopes destinations:read, destinations:write and keys:read; for test events also testdata:write',
		},
		{
			displayName: 'Admin Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://access.tryterra.co/api/v3/admin',
			hint: 'Leave as it is, unless Terra asked you to use another',
		},
		{
			// Filled by n8n with what preAuthentication returns.
			displayName: 'Signing Secret',
			name: 'signingSecret',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
	];

	/**
	 * Fetches the secret that the environment signs with. n8n calls this before a request while the secret is empty and
	 * after a 401, stores the result encrypted, and shares it among all its processes.
	 *
	 * @returns nothing on any failure, so that the stored secret stays
	 */
	async preAuthentication(
		this: IHttpRequestHelper,
		{ baseUrl, devId, token }: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const base = String(baseUrl).trim().replace(/\/+$/, '');
		const fetched = (await this.helpers
			.httpRequest({
				url: `${base}/environments/${encodeURIComponent(String(devId).trim())}/api-key`,
				headers: { authorization: `Bearer ${String(token).trim()}` },
				json: true,
				timeout: TIMEOUT_MS,
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
			})
			.catch(() => undefined)) as { signing_secret?: unknown } | undefined;
		const secret = fetched?.signing_secret;
		return typeof secret === 'string' && secret !== '' ? { signingSecret: secret } : {};
	}

	/** An existing header stays: that is how the trigger makes n8n fetch the signing secret again. */
	authenticate: IAuthenticate = async ({ token }, request) => ({
		...request,
		headers: { authorization: `Bearer ${String(token).trim()}`, ...request.headers },
	});
}
