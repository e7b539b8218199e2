import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../sandbox';

export type Credential = { devId: string; apiKey: string } & IDataObject;

/** The credential that a person would fill in for this sandbox. */
export function credentialFor(sandbox: Sandbox): Credential {
	return {
		devId: sandbox.devId,
		apiKey: sandbox.apiKey,
		signingSecrets: sandbox.signingSecret,
		baseUrl: sandbox.apiBase,
	};
}

/** The Terra Admin API credential. */
export function adminCredentialFor(sandbox: Sandbox) {
	return { devId: sandbox.devId, token: sandbox.adminToken, baseUrl: sandbox.adminBase };
}
