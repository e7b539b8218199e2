import { join, resolve } from 'node:path';

export const projectFolder = resolve(__dirname, '../..');

/** Holds n8n installations and their data. Set `TERRA_RUNTIME_DIR` to share it between clones. */
export const runtimeFolder = resolve(
	process.env.TERRA_RUNTIME_DIR ?? join(projectFolder, '.runtime'),
);
