/**
 * Writes the tables of the documentation that follow from the code: `npm run generate`. A table stands between
 * `<!-- generated: <name> -->` and `<!-- end -->`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { blockOf, TABLES } from './tables';

async function generate() {
	for (const [page, tables] of Object.entries(TABLES)) {
		const file = join(__dirname, '..', page);
		let text = readFileSync(file, 'utf8');
		for (const [name, content] of Object.entries(tables)) {
			if (!blockOf(name).test(text))
				throw new Error(`${page} lacks <!-- generated: ${name} --> with <!-- end --> below it`);
			text = text.replace(blockOf(name), (_, start, __, end) => `${start}\n${content}\n\n${end}`);
		}
		const options = await resolveConfig(file);
		writeFileSync(file, await format(text, { ...options, parser: 'markdown' }));
	}
}

void generate();
