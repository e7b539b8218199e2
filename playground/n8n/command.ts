import { spawn, type ChildProcess } from 'node:child_process';
import { delimiter } from 'node:path';

const linesKept = 25;

/** Child processes; killed when this process exits. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill()));

/** A command could not be started or did not exit with 0. `tail` is the end of its output. */
export class CommandFailed extends Error {
	constructor(
		command: string,
		reason: string,
		readonly tail: string,
	) {
		super(`"${command}" ${reason}\n${tail}`);
	}
}

/**
 * Runs a command and returns its stdout.
 *
 * @throws CommandFailed with the end of its output
 */
export async function run(
	program: string,
	args: string[],
	options: { cwd?: string; env?: NodeJS.ProcessEnv; uid?: number; gid?: number } = {},
): Promise<string> {
	const child = spawn(program, args, {
		...options,
		stdio: ['ignore', 'pipe', 'pipe'],
		// On Windows npm is a batch file, which needs a shell.
		shell: program === 'npm' && process.platform === 'win32',
	});
	running.add(child);

	let stdout = '';
	let everything = '';
	child.stdout.on('data', (text) => ((stdout += text), (everything += text)));
	child.stderr.on('data', (text) => (everything += text));

	const command = [program, ...args].join(' ');
	const tail = () => everything.trimEnd().split('\n').slice(-linesKept).join('\n');
	try {
		return await new Promise((resolve, reject) => {
			child.on('error', (error) => reject(new CommandFailed(command, error.message, tail())));
			child.on('close', (code) =>
				code === 0
					? resolve(stdout)
					: reject(new CommandFailed(command, `stopped with exit code ${code}`, tail())),
			);
		});
	} finally {
		running.delete(child);
	}
}

/** Runs npm with the given Node.js. `node.folder` has the headers that native add-ons are compiled against. */
export async function npm(
	args: string[],
	{ cwd, node }: { cwd: string; node?: { binFolder: string; folder: string } },
): Promise<string> {
	const env: NodeJS.ProcessEnv = { ...process.env };
	if (node) {
		env.PATH = `${node.binFolder}${delimiter}${env.PATH}`;
		env.npm_config_nodedir = node.folder;
	}
	return await run('npm', args, { cwd, env });
}
