import { join } from 'node:path';

import { help, readArguments, usualPorts } from './arguments';
import { builtChange } from './changes';
import { checkPlayground } from './check';
import { Locked, needPort, runtimeFolder } from './n8n';
import type { Playground } from './playground';
import { openPlayground } from './playground';
import { welcome } from './welcome';

const userFolder = join(runtimeFolder, 'playground');

/** Settles at the first Ctrl-C or request to end; further ones do not cut the shutdown short. */
const interruption = new Promise<void>((resolve) => {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(signal, () => resolve());
});

async function main(): Promise<void> {
	const { wants, port } = readArguments(process.argv.slice(2));
	if (wants === 'help') return console.log(help);
	if (wants === 'check') return await unlessInterrupted(checkPlayground());

	if (port !== undefined) await needPort(port, 'npm start -- --port <number>');
	const usual = { userFolder, ports: { ...usualPorts, n8n: port ?? usualPorts.n8n } };
	console.log('\nStarting a local n8n with the Terra nodes, and a stand-in for Terra.');
	const playground = await unlessInterrupted(openPlayground(usual));
	console.log(await welcome(playground));
	if (wants === 'watch') return await restartOnChange(playground, usual);
	await Promise.race([interruption, playground.n8n.ended]);
	console.log('\nStopping …');
	await playground.close();
}

/** For development: n8n starts again with every build. */
async function restartOnChange(
	first: Playground,
	usual: Parameters<typeof openPlayground>[0],
): Promise<void> {
	let playground = first;
	for (;;) {
		console.log('Waiting for a change in nodes/, credentials/ or icons/ …');
		const isOver = await Promise.race([
			interruption.then(() => true),
			builtChange().then(() => false),
		]);
		console.log('Stopping n8n …');
		await playground.close();
		if (isOver) return;
		playground = await unlessInterrupted(openPlayground(usual));
		console.log(`Ready: ${playground.n8n.url}`);
	}
}

/** What has been started meanwhile ends with this process. */
async function unlessInterrupted<T>(work: Promise<T>): Promise<T> {
	const stop = interruption.then(() => {
		throw new Error('Interrupted.');
	});
	return await Promise.race([work, stop]);
}

function explain(error: unknown): string {
	if (error instanceof Locked) {
		return `An n8n is already running for this playground (process ${error.pid}). Use it, or stop it first; if it is not running, delete ${error.file}.`;
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
