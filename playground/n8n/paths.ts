import { join, resolve } from 'node:path';

export const projectFolder = resolve(__dirname, '../..');

/** Where n8n installations and data live. `TERRA_RUNTIME_DIR` shares them between clones. */
export const runtimeFolder = resolve(
	process.env.TERRA_RUNTIME_DIR ?? join(projectFolder, '.runtime'),
);
