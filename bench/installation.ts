import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Credential } from '../playground/n8n';
import { N8nClient, runtimeFolder, startN8n } from '../playground/n8n';
import type { N8nDatabase } from '../playground/n8n/database';
import { openPostgres, openSqlite } from '../playground/n8n/database';
import { startQueueMode } from '../playground/n8n/queueMode';
import { startServices } from '../playground/n8n/services';
import type { Sandbox } from '../sandbox';

/** A running n8n, ready to be measured. */
export interface Installation {
	/** What is set differently from n8n's defaults. */
	settings: string;
	client: N8nClient;
	database: N8nDatabase;
	credential: Credential;
	headerAuth: Credential;
	/** Where deliveries go: of each process that takes some. */
	urls: string[];
	/** Process groups whose CPU counts. */
	pids: number[];
	close(): Promise<void>;
}

export interface SetUp {
	tarball: string;
	sandbox: Sandbox;
	env?: Record<string, string>;
}

export const recommended = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };
export const defaults = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'false' };

/** One process with SQLite. */
export async function installSingle({ tarball, sandbox, env }: SetUp): Promise<Installation> {
	const userFolder = await mkdtemp(join(runtimeFolder, 'bench-'));
	const n8n = await startN8n({ userFolder, tarball, env });
	const database = await openSqlite(userFolder);
	return {
		settings: `SQLite, ${named(env)}`,
		...(await furnish(n8n.url, sandbox)),
		database,
		urls: [n8n.url],
		pids: [n8n.pid],
		async close() {
			await database.close();
			await n8n.stop();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
}

/** Queue mode with so many webhook processes and as many workers. */
export async function installQueue(
	{ tarball, sandbox, env }: SetUp,
	processes: number,
): Promise<Installation> {
	const services = await startServices();
	const n8n = await startQueueMode({
		services,
		tarball,
		env,
		webhooks: processes,
		workers: processes,
	});
	const database = openPostgres(services.postgres);
	return {
		settings: `queue mode (${processes} webhook, ${processes} worker), PostgreSQL, ${named(env)}`,
		...(await furnish(n8n.main.url, sandbox)),
		database,
		urls: n8n.webhooks.map(({ url }) => url),
		pids: n8n.members.map(({ pid }) => pid),
		async close() {
			await database.close();
			await n8n.close();
			await services.close();
		},
	};
}

async function furnish(url: string, sandbox: Sandbox) {
	const client = new N8nClient(url);
	await client.signIn();
	const credential = await client.createCredential('Terra', 'terraApi', {
		devId: sandbox.devId,
		apiKey: sandbox.apiKey,
		signingSecrets: sandbox.signingSecret,
		baseUrl: sandbox.apiBase,
	});
	const headerAuth = await client.createCredential('Header', 'httpHeaderAuth', {
		name: 'content-type',
		value: 'application/json',
	});
	return { client, credential, headerAuth };
}

function named(env: Record<string, string> = {}): string {
	const changed = Object.entries(env).filter(
		([name, value]) => (defaults as Record<string, string>)[name] !== value,
	);
	if (changed.length === 0) return "n8n's defaults";
	return changed.map(([name, value]) => `${name}=${value}`).join(' ');
}
