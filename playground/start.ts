import { join } from 'node:path';

import { builtChange } from './changes';
import { checkPlayground } from './check';
import { Locked, owner, runtimeFolder } from './n8n';
import type { Playground } from './playground';
import { openPlayground } from './playground';

const usualPorts = { sandbox: 4610, n8n: 5678 };

const usual = { userFolder: join(runtimeFolder, 'playground'), ports: usualPorts };

/** Settles at the first Ctrl-C or request to end; further ones do not cut the shutdown short. */
const interruption = new Promise<void>((resolve) => {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(signal, () => resolve());
});

async function main(): Promise<void> {
	if (process.argv.includes('--check')) return await unlessInterrupted(checkPlayground());

	console.log('\nStarting a local n8n with the Terra nodes, and a stand-in for Terra.');
	const playground = await unlessInterrupted(openPlayground(usual));
	await welcome(playground);
	if (process.argv.includes('--watch')) return await restartOnChange(playground);
	await Promise.race([interruption, playground.n8n.ended]);
	console.log('\nStopping …');
	await playground.close();
}

/** For development: n8n starts again with every build. */
async function restartOnChange(first: Playground): Promise<void> {
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

async function welcome({ sandbox, n8n, client, table, newRides, history }: Playground) {
	console.log(`
Ready.

  n8n     ${n8n.url}     sign in with ${owner.email} / ${owner.password}
  Terra   ${sandbox.url}     a stand-in on this machine; no account needed
${portNotes(sandbox.url, n8n.url)}
Try this:

  1. Sign in to n8n and open the table "${table.name}":
     ${await client.tableUrl(table.id)}
  2. On Terra's page press "Finish a ride", then reload the table: the ride is its last row.
  3. See how it came:   "${newRides.name}"
     ${n8n.url}/workflow/${newRides.id}
  4. Get 90 days more:  "${history.name}" → Execute workflow
     ${n8n.url}/workflow/${history.id}

Ctrl-C stops everything. The next start takes seconds and keeps your data.
`);
}

function portNotes(...urls: string[]): string {
	const moved = urls.filter((url, index) => !url.endsWith(`:${Object.values(usualPorts)[index]}`));
	return moved.length === 0
		? ''
		: `\n  (The usual port was taken, so look at: ${moved.join(', ')})\n`;
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
		return `An n8n is already running for this playground (process ${error.pid}). Use that one, or stop it first; if there is none, delete ${error.file}.`;
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
