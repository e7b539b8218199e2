import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Credential, N8n } from '../playground/n8n';
import { N8nClient, runtimeFolder, startN8n } from '../playground/n8n';
import type { Setting } from './part';

/** What docs/scaling.md recommends. */
export const recommended = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

export interface Running {
	n8n: N8n;
	client: N8nClient;
	credential: Credential;
	userFolder: string;
}

/** Starts one n8n process with SQLite and this package, and stops it when the work is done. */
export async function withN8n<T>(
	{ sandbox, tarball }: Setting,
	env: Record<string, string>,
	work: (running: Running) => Promise<T>,
): Promise<T> {
	const userFolder = await mkdtemp(join(runtimeFolder, 'bench-'));
	const n8n = await startN8n({ userFolder, tarball, env });
	try {
		const client = new N8nClient(n8n.url);
		await client.signIn();
		const credential = await client.createCredential('Terra', 'terraApi', {
			devId: sandbox.devId,
			apiKey: sandbox.apiKey,
			signingSecrets: sandbox.signingSecret,
			baseUrl: sandbox.apiBase,
		});
		return await work({ n8n, client, credential, userFolder });
	} finally {
		await n8n.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}
