import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodePropertyOptions } from 'n8n-workflow';
import { Terra } from '../../nodes/Terra/Terra.node';

const folder = join(__dirname, '../workflow');
const tests = readdirSync(folder)
	.filter((file) => file.endsWith('.test.ts'))
	.map((file) => readFileSync(join(folder, file), 'utf8'))
	.join('\n');

const operations = new Terra().description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options }) => options as INodePropertyOptions[])
	.map(({ value }) => value as string);

it.each([...new Set(operations)])('%s is run by a test in test/workflow', (operation) => {
	expect(tests).toContain(`'${operation}'`);
});
