/**
 * `npm run generate` updates what is derived from the code: the tables between `<!-- generated: <name> -->` and
 * `<!-- end -->` in the docs, and the sample event that each example has pinned to its Terra Trigger.
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
				throw new Error(`${page} has no <!-- generated: ${name} --> followed by <!-- end -->`);
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
