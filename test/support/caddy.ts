import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { freePort, host, projectFolder, waitFor } from '../../playground/n8n';

const binary = (process.env.PATH ?? '')
	.split(delimiter)
	.map((folder) => join(folder, 'caddy'))
	.find(existsSync);

/** CI must have it. */
export const caddyExpected = binary !== undefined || Boolean(process.env.CI);

/** `test` if Caddy is installed, and skipped otherwise. */
export const itWithCaddy = caddyExpected ? it : it.skip;
if (!binary) {
	process.stderr.write(
		'Caddy is not installed (Debian and Ubuntu: "apt-get install caddy"). Until then the tests of docs/queue-mode/Caddyfile are skipped.\n',
	);
}

/**
 * Starts Caddy with the Caddyfile of docs/queue-mode, over http, in front of these addresses of n8n.
 *
 * @param publicUrl where it listens, if n8n must know that first
 */
export async function startCaddy(main: string, webhooks: string[], publicUrl?: string) {
	if (!binary) throw new Error('Caddy is not installed');
	const url = publicUrl ?? `http://${host}:${await freePort()}`;
	const folder = await mkdtemp(join(tmpdir(), 'terra-caddy-'));
	const config = join(projectFolder, 'docs/queue-mode/Caddyfile');
	const caddy = spawn(binary, ['run', '--config', config, '--adapter', 'caddyfile'], {
		stdio: 'ignore',
		env: {
			...process.env,
			HOME: folder,
			XDG_DATA_HOME: folder,
			XDG_CONFIG_HOME: folder,
			CADDY_ADMIN: `${host}:${await freePort()}`,
			DOMAIN: url,
			MAIN: new URL(main).host,
			WEBHOOKS: webhooks.map((webhook) => new URL(webhook).host).join(' '),
		},
	});
	const ended = new Promise((resolve) => caddy.once('close', resolve));
	const close = async () => {
		caddy.kill();
		await ended;
		await rm(folder, { recursive: true, force: true });
	};
	try {
		await waitFor('answer through Caddy', async () => {
			const response = await fetch(`${url}/healthz`).catch(() => undefined);
			return response?.ok || undefined;
		});
	} catch (error) {
		await close();
		throw error;
	}
	return { url, close };
}
