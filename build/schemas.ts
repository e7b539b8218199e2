import { readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import { OPERATIONS } from '../nodes/Terra/resources';
import type { ColumnInfo, ValueType } from '../nodes/Terra/rows/columns';
import { ESSENTIAL_WITH_STATUS } from '../nodes/Terra/rows/rideRow';

const ROOT = join(__dirname, '..');

interface Schema {
	type: 'object';
	properties: Record<string, { type: [ValueType, 'null']; description: string }>;
	version: 1;
}

/** What a node with nothing changed gives, as a JSON schema: any column may be empty. */
function schemaOf(columns: readonly ColumnInfo[]): Schema {
	const properties = columns.map(({ name, description, unit, type }) => [
		name,
		{
			type: [type ?? (unit === undefined ? 'string' : 'number'), 'null'],
			description: unit === undefined ? description : `${description}, in ${unit}`,
		},
	]);
	return { type: 'object', properties: Object.fromEntries(properties), version: 1 };
}

/**
 * The output schemas of all nodes, by their path below `dist/nodes/Terra/`. n8n's editor looks for exactly
 * `__schema__/v<three numbers>/<resource>/<operation>.json`, and its AI for `__schema__/v<three numbers>.json` where a
 * node has neither, such as a trigger.
 */
export function outputSchemas(): ReadonlyMap<string, Schema> {
	const schemas = new Map<string, Schema>();
	for (const { description } of packagedNodes()) {
		for (const version of [description.version].flat()) {
			const folder = `__schema__/v${threeNumbers(version)}`;
			if (description.group.includes('trigger')) {
				schemas.set(`${folder}.json`, schemaOf(ESSENTIAL_WITH_STATUS));
				continue;
			}
			for (const [resource, operations] of Object.entries(OPERATIONS)) {
				for (const { option, columns } of operations)
					schemas.set(`${folder}/${resource}/${option.value}.json`, schemaOf(columns));
			}
		}
	}
	return schemas;
}

/** As n8n itself loads them: those that package.json names. */
export function packagedNodes(): INodeType[] {
	const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
	const { n8n } = JSON.parse(manifest) as { n8n: { nodes: string[] } };
	return n8n.nodes.map((path) => {
		const { dir, name } = parse(path.replace(/^dist\//, ''));
		// eslint-disable-next-line @typescript-eslint/no-require-imports
		const module = require(join(ROOT, dir, `${name}.ts`)) as Record<string, new () => INodeType>;
		return new module[name.replace(/\.node$/, '')]!();
	});
}

function threeNumbers(version: number): string {
	return [...String(version).split('.'), '0', '0'].slice(0, 3).join('.');
}
