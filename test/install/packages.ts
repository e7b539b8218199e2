import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectFolder } from '../../playground/n8n';
import { npm } from '../../playground/n8n/command';
import type { PublishedVersion } from './registry';

/**
 * Packs the build under another version number.
 *
 * @param folder an empty folder to work in
 * @param edit a change to the text of a file in `dist`, to make that version different
 */
export async function packVersion(
	version: string,
	folder: string,
	edit?: { file: string; change: (text: string) => string },
): Promise<PublishedVersion> {
	await mkdir(folder, { recursive: true });
	for (const path of ['dist', 'README.md', 'LICENSE']) {
		await cp(join(projectFolder, path), join(folder, path), { recursive: true });
	}
	const manifest = {
		...(JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8')) as {
			name: string;
		}),
		version,
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
	if (edit) {
		const file = join(folder, 'dist', edit.file);
		await writeFile(file, edit.change(await readFile(file, 'utf8')));
	}
	const report = await npm(['pack', '--json', '--ignore-scripts'], { cwd: folder });
	const [{ filename }] = JSON.parse(report) as [{ filename: string }];
	return { manifest, tarball: join(folder, filename) };
}
