import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { createTerraCredential } from '../playground/credential';
import type { Credential, N8n } from '../playground/n8n';
import { N8nClient, runtimeFolder, startN8n } from '../playground/n8n';
import type { Setting } from './part';

/** The settings that docs/scaling.md recommends. */
export const recommended = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

export interface Running {
	n8n: N8n;
	client: N8nClient;
	credential: Credential;
	userFolder: string;
}

/** Runs `work` with a new n8n process that uses SQLite and has this package. */
export async function withN8n<T>(
	setting: Setting,
	env: Record<string, string>,
	work: (running: Running) => Promise<T>,
): Promise<T> {
	const userFolder = await mkdtemp(join(runtimeFolder, 'bench-'));
	const N8N_CUSTOM_EXTENSIONS = join(__dirname, 'emptyTrigger');
	const n8n = await startN8n({
		userFolder,
		tarball: setting.tarball,
		env: { N8N_CUSTOM_EXTENSIONS, ...env },
	});
	try {
		return await work({ n8n, userFolder, ...(await signIn(n8n.url, setting)) });
	} finally {
		await n8n.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}

/** Signs in to a new n8n as its owner, and creates a credential for the sandbox. */
export async function signIn(url: string, { sandbox }: Setting) {
	const client = await N8nClient.signIn(url);
	const credential = await createTerraCredential(client, sandbox);
	return { client, credential };
}

/** n8n's current (`VmRSS`) or peak (`VmHWM`) memory, in MB. */
export async function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)![1]) / 1024;
}
