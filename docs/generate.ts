/**
 * Writes what follows from the code: `npm run generate`. A table of the documentation stands between
 * `<!-- generated: <name> -->` and `<!-- end -->`; an example has a made-up event pinned to its Terra Trigger.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { EXAMPLES, exampleFiles, readExample, withPinnedEvent } from './pinned';
import { blockOf, TABLES } from './tables';

async function generate() {
	await writeTables();
	await pinEvents();
}

async function writeTables() {
	for (const [page, tables] of Object.entries(TABLES)) {
		const file = join(__dirname, '..', page);
		let text = readFileSync(file, 'utf8');
		for (const [name, content] of Object.entries(tables)) {
			if (!blockOf(name).test(text))
				throw new Error(`${page} lacks <!-- generated: ${name} --> with <!-- end --> below it`);
			text = text.replace(blockOf(name), (_, start, __, end) => `${start}\n${content}\n\n${end}`);
		}
		await write(file, text, 'markdown');
	}
}

async function pinEvents() {
	for (const name of exampleFiles()) {
		const text = JSON.stringify(withPinnedEvent(readExample(name)), null, 2);
		await write(join(EXAMPLES, name), text, 'json');
	}
}

async function write(file: string, text: string, parser: 'markdown' | 'json') {
	const options = await resolveConfig(file);
	writeFileSync(file, await format(text, { ...options, parser }));
}

void generate();
