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

/** The JSON schema of a node's output with default settings. Any column may be null. */
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
 * The output schemas of all nodes, by path under `dist/nodes/Terra/`. n8n's editor reads
 * `__schema__/v<three numbers>/<resource>/<operation>.json`. For a node without resources and operations, such as a
 * trigger, n8n's AI reads `__schema__/v<three numbers>.json`.
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

/** The nodes listed in package.json, which are those that n8n loads. */
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
