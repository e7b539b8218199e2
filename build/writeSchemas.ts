/** Part of the build: writes the output schemas next to the compiled nodes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { outputSchemas } from './schemas';

const NODES = join(__dirname, '..', 'dist', 'nodes', 'Terra');

for (const [path, schema] of outputSchemas()) {
	const file = join(NODES, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, JSON.stringify(schema));
}
