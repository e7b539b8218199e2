import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { npm, run } from './command';
import { projectFolder, runtimeFolder } from './paths';

/** Packs this project as it would be published (`dist` has to be built) and returns the path of the tarball. */
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

/** Puts a packed node package where n8n keeps the community nodes of that user folder. Replaces an older one. */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const target = join(userFolder, '.n8n/nodes/node_modules/n8n-nodes-terra');
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
}
