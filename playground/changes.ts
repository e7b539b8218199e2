import { execFile } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from './n8n/paths';

const SOURCES = ['nodes', 'credentials', 'icons'];

/** Debounces changes, because an editor may write several files at once. */
const DEBOUNCE_MS = 300;

/** Resolves once a source file has changed and the build has succeeded. Prints a failed build and waits again. */
export async function builtChange(): Promise<void> {
	for (;;) {
		await change();
		console.log('\nBuilding …');
		const failure = await build();
		if (failure === undefined) return;
		console.error(failure);
	}
}

async function change(): Promise<void> {
	await new Promise<void>((resolve) => {
		let timer: NodeJS.Timeout | undefined;
		const watchers = SOURCES.map((folder) =>
			watch(join(projectFolder, folder), { recursive: true }, () => {
				clearTimeout(timer);
				timer = setTimeout(() => {
					for (const watcher of watchers) watcher.close();
					resolve();
				}, DEBOUNCE_MS);
			}),
		);
	});
}

/** @returns the build's output if it failed */
async function build(): Promise<string | undefined> {
	try {
		await promisify(execFile)('npx', ['gulp', '-LL', 'build'], { cwd: projectFolder });
		return undefined;
	} catch (error) {
		const { stdout, stderr } = error as { stdout?: string; stderr?: string };
		return `${stdout ?? ''}${stderr ?? ''}` || String(error);
	}
}
