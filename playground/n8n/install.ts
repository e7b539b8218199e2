import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CommandFailed, npm, run } from './command';
import { lock, Locked } from './lock';
import { runtimeFolder } from './paths';
import { withProgress } from './progress';
import type { N8nVersion, Release } from './versions';
import { checkers, releases } from './versions';
import { waitFor } from './wait';

export interface NodeInstallation {
	/** The `node` program. */
	binary: string;
	binFolder: string;
	/** Contains `bin/` and `include/`, which native add-ons need to compile. */
	folder: string;
}

export interface N8nInstallation {
	version: N8nVersion;
	node: NodeInstallation;
	/** n8n's start script. */
	n8nScript: string;
}

/**
 * Installs this version of n8n, and a Node.js for it, unless they are installed already. An interrupted installation is
 * done again.
 *
 * @throws Error that says what to do
 */
export async function installN8n(version: N8nVersion): Promise<N8nInstallation> {
	const release: Release = releases[version];
	const node = await nodeFor(release);
	const folder = join(runtimeFolder, `n8n-${version}`);

	await once(folder, async () => {
		await withProgress(`Installing n8n ${version} (once, a few minutes)`, () =>
			installPackages(folder, { n8n: version }, release.overrides, node),
		);
		await withProgress('Building its native packages', () =>
			prepareNativePackages(folder, release.nativePackages, node),
		);
	});
	return { version, node, n8nScript: join(folder, 'node_modules/n8n/bin/n8n') };
}

/** Installs n8n's own package checks unless they are installed already. @returns the folder of their `node_modules` */
export async function installCheckers(): Promise<string> {
	const { dependencies, overrides } = checkers;
	const folder = join(runtimeFolder, `checkers-${dependencies['@n8n/node-cli']}`);
	await once(folder, () =>
		withProgress("Installing n8n's package checks (once)", () =>
			installPackages(folder, dependencies, overrides),
		),
	);
	return folder;
}

async function nodeFor(release: Release): Promise<NodeInstallation> {
	if (release.nodeMajors.includes(Number(process.versions.node.split('.')[0]))) {
		return nodeAt(process.execPath);
	}
	// The Node.js packages on npm use win in their names, not win32.
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const name = `node-${platform}-${process.arch}`;
	const folder = join(runtimeFolder, `node-${release.node}`);
	await once(folder, () =>
		withProgress(`Downloading Node.js ${release.node} for n8n`, () =>
			installPackages(folder, { [name]: release.node }),
		),
	);
	return nodeAt(
		join(folder, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node'),
	);
}

function nodeAt(binary: string): NodeInstallation {
	const binFolder = dirname(binary);
	return { binary, binFolder, folder: dirname(binFolder) };
}

/** Runs `install` unless it has already succeeded for this folder, which a marker file records. */
async function once(folder: string, install: () => Promise<void>): Promise<void> {
	const marker = join(folder, '.complete');
	if (existsSync(marker)) return;

	const held = await waitForLock(`${folder}.lock`);
	try {
		if (existsSync(marker)) return;
		// npm treats half-unpacked packages of an interrupted run as complete.
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		await install();
		await writeFile(marker, '');
	} finally {
		await held.release();
	}
}

async function waitForLock(file: string) {
	return await waitFor(
		`end of the installation by another process (${file})`,
		() =>
			lock(file).catch((error) => {
				if (error instanceof Locked) return undefined;
				throw error;
			}),
		{ seconds: 1800, everyMs: 1000 },
	);
}

async function installPackages(
	folder: string,
	dependencies: Record<string, string>,
	overrides: Record<string, string> = {},
	node?: NodeInstallation,
): Promise<void> {
	const manifest = { private: true, dependencies, overrides };
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
	try {
		await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
			cwd: folder,
			node,
		});
	} catch (error) {
		const packages = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
		throw new Error(
			`npm could not install ${packages.join(', ')}. Check the connection to the npm registry and the free disk space (2 GB), then start again.\n\n${explain(error)}`,
		);
	}
}

/** Loads every package afterwards, because npm's exit code says little about optional builds. */
async function prepareNativePackages(
	folder: string,
	names: string[],
	node: NodeInstallation,
): Promise<void> {
	try {
		await npm(['rebuild', ...names, '--ignore-scripts=false'], { cwd: folder, node });
		for (const name of names) {
			await run(node.binary, ['-e', `require(${JSON.stringify(name)})`], { cwd: folder });
		}
	} catch (error) {
		throw new Error(
			`n8n's ${names.join(' and ')} could not be downloaded or compiled. Install a compiler (Debian and Ubuntu: "apt-get install python3 make g++"; macOS: "xcode-select --install"; Windows: the Visual Studio Build Tools and Python), then start again.\n\n${explain(error)}`,
		);
	}
}

function explain(error: unknown): string {
	return error instanceof CommandFailed ? error.message : String(error);
}
