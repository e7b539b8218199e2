import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../sandbox';
import type { Credential, N8nClient } from './n8n';

export type CredentialFields = { devId: string; apiKey: string } & IDataObject;

/** What a person would fill in for this sandbox: the fields of the Terra API credential. */
export function credentialFor(sandbox: Sandbox): CredentialFields {
	return {
		devId: sandbox.devId,
		apiKey: sandbox.apiKey,
		signingSecrets: sandbox.signingSecret,
		baseUrl: sandbox.apiBase,
	};
}

/** The fields of the Terra Admin API credential. */
export function adminCredentialFor(sandbox: Sandbox) {
	return { devId: sandbox.devId, token: sandbox.adminToken, baseUrl: sandbox.adminBase };
}

/** For a trigger that may only take the secret of the destination it registers itself. */
export const noSecret = { signingSecrets: '' };

/** A Terra API credential in n8n. @param change fields that differ from those for this sandbox */
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

/** A Terra Admin API credential in n8n. @param change fields that differ from those for this sandbox */
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
