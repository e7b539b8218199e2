import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../sandbox';
import type { Credential, N8nClient } from './n8n';

export type CredentialFields = { devId: string; apiKey: string } & IDataObject;

/** The fields of a Terra API credential for this sandbox. */
export function credentialFor(sandbox: Sandbox): CredentialFields {
	return {
		devId: sandbox.devId,
		apiKey: sandbox.apiKey,
		signingSecrets: sandbox.signingSecret,
		baseUrl: sandbox.apiBase,
	};
}

/** The fields of a Terra Admin API credential for this sandbox. */
export function adminCredentialFor(sandbox: Sandbox) {
	return { devId: sandbox.devId, token: sandbox.adminToken, baseUrl: sandbox.adminBase };
}

/** Without a signing secret, so that a trigger can only use the secret of the destination that it registers. */
export const noSecret = { signingSecrets: '' };

/** Creates a Terra API credential in n8n. @param change fields to override */
export async function createTerraCredential(
	client: N8nClient,
	sandbox: Sandbox,
	change: IDataObject = {},
): Promise<Credential> {
	return await client.createCredential('Terra', 'terraApi', {
		...credentialFor(sandbox),
		...change,
	});
}

/** Creates a Terra Admin API credential in n8n. @param change fields to override */
export async function createAdminCredential(
	client: N8nClient,
	sandbox: Sandbox,
	change: IDataObject = {},
): Promise<Credential> {
	return await client.createCredential('Terra Admin', 'terraAdminApi', {
		...adminCredentialFor(sandbox),
		...change,
	});
}
