import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { npm, run } from './command';
import { projectFolder, runtimeFolder } from './paths';

/** Packs this project as for publishing and returns the path of the tarball. `dist` must have been built. */
export async function packNodes(): Promise<string> {
	await mkdir(runtimeFolder, { recursive: true });
	const report = await npm(
		['pack', '--json', '--ignore-scripts', '--pack-destination', runtimeFolder],
		{
			cwd: projectFolder,
		},
	);
	const [packed] = JSON.parse(report) as [{ filename: string }];
	return join(runtimeFolder, packed.filename);
}

/** Installs a packed node package into the community nodes of an n8n user folder, replacing an older version. */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const target = join(userFolder, '.n8n/nodes/node_modules/n8n-nodes-terra');
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
}
