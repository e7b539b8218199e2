import { join } from 'node:path';

import { help, readArguments, defaultPorts } from './arguments';
import { builtChange } from './changes';
import { checkPlayground } from './check';
import { Locked, needPort, runtimeFolder } from './n8n';
import type { Playground } from './playground';
import { openPlayground } from './playground';
import { welcome } from './welcome';

const userFolder = join(runtimeFolder, 'playground');

/** Resolves on the first Ctrl-C or termination signal. Later signals do not interrupt the shutdown. */
const interruption = new Promise<void>((resolve) => {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(signal, () => resolve());
});

async function main(): Promise<void> {
	const { wants, port } = readArguments(process.argv.slice(2));
	if (wants === 'help') return console.log(help);
	if (wants === 'check') return await unlessInterrupted(checkPlayground());

	if (port !== undefined) await needPort(port, 'npm start -- --port <number>');
	const options = { userFolder, ports: { ...defaultPorts, n8n: port ?? defaultPorts.n8n } };
	console.log('\nStarting a local n8n with the Terra nodes, and a stand-in for Terra.');
	const playground = await unlessInterrupted(openPlayground(options));
	console.log(await welcome(playground));
	if (wants === 'watch') return await restartOnChange(playground, options);
	await Promise.race([interruption, playground.n8n.ended]);
	console.log('\nStopping …');
	await playground.close();
}

/** For development: restarts n8n after every successful build. */
async function restartOnChange(
	first: Playground,
	options: Parameters<typeof openPlayground>[0],
): Promise<void> {
	let playground = first;
	for (;;) {
		console.log('Waiting for a change in nodes/, credentials/ or icons/ …');
		const isInterrupted = await Promise.race([
			interruption.then(() => true),
			builtChange().then(() => false),
		]);
		console.log('Stopping n8n …');
		await playground.close();
		if (isInterrupted) return;
		playground = await unlessInterrupted(openPlayground(options));
		console.log(`Ready: ${playground.n8n.url}`);
	}
}

/** Rejects on an interruption. Whatever `work` has started ends with this process. */
async function unlessInterrupted<T>(work: Promise<T>): Promise<T> {
	const stop = interruption.then(() => {
		throw new Error('Interrupted.');
	});
	return await Promise.race([work, stop]);
}

function explain(error: unknown): string {
	if (error instanceof Locked) {
		return `The playground's n8n is already running (process ${error.pid}). Use it, or stop it first. If it is not running, delete ${error.file}.`;
	}
	return error instanceof Error ? error.message : String(error);
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(`\n${explain(error)}`);
		process.exit(1);
	},
);
