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
	/** Holds n8n's database and settings. Two running n8n never share one on SQLite. */
	userFolder: string;
	/** The packed node package to install before n8n starts. */
	tarball?: string;
	/** Any free port unless given; of a worker, that of its health check. */
	port?: number;
	/** Which kind of n8n process; in queue mode there are three. Default `start`. */
	command?: 'start' | 'webhook' | 'worker';
	/** Further words on the command line. */
	args?: string[];
	/** On top of the settings every n8n gets here, or instead of them. */
	env?: Record<string, string>;
}

export interface N8n {
	url: string;
	pid: number;
	/** Resolves when n8n is gone, for whatever reason. */
	ended: Promise<void>;
	/** All that n8n has printed, or its last lines. */
	logs(lastLines?: number): string;
	/** Asks n8n to shut down and waits until it has. */
	stop(): Promise<void>;
	/** Ends n8n and its helper processes at once, as a crash would. */
	kill(): Promise<void>;
}

const secondsToShutDown = 40;

/** No calls home, nothing reachable from other machines, and the setting our guide recommends. */
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
 * Starts a real n8n, installing it first where needed, and resolves once it answers.
 * Throws `Locked` when another n8n works in the same user folder, and an error with the end of n8n's log
 * when it does not come up.
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
			// A group of its own: Ctrl-C in the terminal reaches n8n only through us, and its helpers end with it.
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

/** Settings of an n8n that the user runs elsewhere, or of npm, are none of ours. */
function inherited(): NodeJS.ProcessEnv {
	const foreign = /^(n8n_|npm_|db_|executions_|queue_|webhook_|generic_)/i;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

type Supervised = N8n & { isOver(): boolean };

function supervise(child: ChildProcess, url: string): Supervised {
	let output = '';
	const keep = (text: Buffer) => (output += text.toString());
	child.stdout?.on('data', keep);
	child.stderr?.on('data', keep);

	let over = false;
	const signalGroup = (signal: NodeJS.Signals) => {
		try {
			if (process.platform === 'win32') child.kill(signal);
			else if (child.pid) process.kill(-child.pid, signal);
		} catch {
			// ESRCH: all of them have ended already, which is what the signal was for.
		}
	};
	const ended = new Promise<void>((resolve) => {
		child.once('error', (error) => {
			output += `\n${error.message}`;
			over = true;
			resolve();
		});
		child.once('close', () => {
			over = true;
			resolve();
		});
	});

	return {
		url,
		pid: child.pid ?? 0,
		ended,
		isOver: () => over,
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
				if (n8n.isOver()) throw new Error('n8n stopped while it was starting');
				const response = await fetch(`${n8n.url}/healthz/readiness`).catch(() => undefined);
				return response?.ok || undefined;
			},
			{ seconds: 180 },
		);
	} catch (error) {
		throw new Error(`${(error as Error).message}. The end of its log:\n${n8n.logs(20)}`);
	}
}
