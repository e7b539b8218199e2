import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { installN8n } from './install';
import { lock } from './lock';
import { installPackage } from './package';
import { freePort, host } from './ports';
import type { N8nVersion } from './versions';
import { currentVersion } from './versions';
import { waitFor } from './wait';

export interface N8nOptions {
	version?: N8nVersion;
	/** Holds n8n's SQLite database and settings. Two running n8n processes cannot share one. */
	userFolder: string;
	/** The packed node package to install before n8n starts. */
	tarball?: string;
	/** Default: any free port. A worker uses it for its health check. */
	port?: number;
	/** The kind of n8n process. Default `start`; `webhook` and `worker` are for queue mode. */
	command?: 'start' | 'webhook' | 'worker';
	/** Further command-line arguments. */
	args?: string[];
	/** Added to the default settings below; overrides them. */
	env?: Record<string, string>;
}

export interface N8n {
	url: string;
	pid: number;
	/** Resolves when n8n has exited, for whatever reason. */
	ended: Promise<void>;
	/** n8n's output, or only its last lines. */
	logs(lastLines?: number): string;
	/** Asks n8n to shut down and waits for it to exit. */
	stop(): Promise<void>;
	/** Kills n8n and its helper processes, to simulate a crash. */
	kill(): Promise<void>;
}

const secondsToShutDown = 40;

/** No telemetry, only reachable from this machine, and with the setting that docs/scaling.md recommends. */
const settings = {
	NODE_ENV: 'production',
	N8N_LISTEN_ADDRESS: host,
	N8N_SECURE_COOKIE: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
	N8N_COMMUNITY_PACKAGES_ENABLED: 'true',
	N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
};

/**
 * Starts a real n8n, installing it first if necessary, and resolves once it answers.
 *
 * @throws Locked if another n8n uses the same user folder
 * @throws Error with the end of n8n's log if n8n does not start
 */
export async function startN8n(options: N8nOptions): Promise<N8n> {
	const installation = await installN8n(options.version ?? currentVersion);
	await mkdir(options.userFolder, { recursive: true });
	const held = await lock(join(options.userFolder, 'n8n.lock'));

	if (options.tarball) await installPackage(options.tarball, options.userFolder);

	const port = options.port ?? (await freePort());
	const child = spawn(
		installation.node.binary,
		[
			'--require',
			require.resolve('./endWithParent.js'),
			installation.n8nScript,
			options.command ?? 'start',
			...(options.args ?? []),
		],
		{
			cwd: options.userFolder,
			env: {
				...inherited(),
				PATH: `${installation.node.binFolder}${delimiter}${process.env.PATH}`,
				...settings,
				N8N_USER_FOLDER: options.userFolder,
				N8N_PORT: String(port),
				QUEUE_HEALTH_CHECK_PORT: String(port),
				N8N_RUNNERS_BROKER_PORT: String(await freePort()),
				...options.env,
			},
			stdio: ['pipe', 'pipe', 'pipe'],
			// In its own process group Ctrl-C does not reach n8n directly, and its helpers can be killed with it.
			detached: true,
		},
	);
	const n8n = supervise(child, `http://${host}:${port}`);
	if (child.pid) await held.handTo(child.pid);
	void n8n.ended.then(() => held.release());

	try {
		await waitUntilReady(n8n);
	} catch (error) {
		await n8n.kill();
		throw error;
	}
	return n8n;
}

/** The environment without settings meant for npm or for another n8n of the user. */
function inherited(): NodeJS.ProcessEnv {
	const foreign = /^(n8n_|npm_|db_|executions_|queue_|webhook_|generic_)/i;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

type Supervised = N8n & { hasExited(): boolean };

function supervise(child: ChildProcess, url: string): Supervised {
	let output = '';
	const keep = (text: Buffer) => (output += text.toString());
	child.stdout?.on('data', keep);
	child.stderr?.on('data', keep);

	let exited = false;
	const signalGroup = (signal: NodeJS.Signals) => {
		try {
			if (process.platform === 'win32') child.kill(signal);
			else if (child.pid) process.kill(-child.pid, signal);
		} catch {
			// ESRCH: all of them have exited already.
		}
	};
	const ended = new Promise<void>((resolve) => {
		child.once('error', (error) => {
			output += `\n${error.message}`;
			exited = true;
			resolve();
		});
		child.once('close', () => {
			exited = true;
			resolve();
		});
	});

	return {
		url,
		pid: child.pid ?? 0,
		ended,
		hasExited: () => exited,
		logs: (lastLines = Infinity) => output.trimEnd().split('\n').slice(-lastLines).join('\n'),
		async stop() {
			child.kill('SIGTERM');
			const killTimer = setTimeout(() => signalGroup('SIGKILL'), secondsToShutDown * 1000);
			await ended;
			clearTimeout(killTimer);
		},
		async kill() {
			signalGroup('SIGKILL');
			await ended;
		},
	};
}

async function waitUntilReady(n8n: Supervised) {
	try {
		await waitFor(
			'answer from n8n',
			async () => {
				if (n8n.hasExited()) throw new Error('n8n exited during startup');
				const response = await fetch(`${n8n.url}/healthz/readiness`).catch(() => undefined);
				return response?.ok || undefined;
			},
			{ seconds: 180 },
		);
	} catch (error) {
		throw new Error(`${(error as Error).message}. The end of its log:\n${n8n.logs(20)}`);
	}
}
