import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import { packagedNodes } from '../../build/schemas';

/**
 * People keep workflows for years: every later version must read what an earlier one let them save. There is a file for
 * each version with all that could be saved with it; `UPDATE_GOLDEN=1 npx jest test/unit/saved.test.ts` writes the file
 * for the version in package.json, until that is released.
 */
const folder = join(__dirname, '../fixtures/saved');
const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
	version: string;
};

/** Each field by its path, with the values of its choices. */
type Fields = Record<string, string[]>;

interface Saved {
	typeVersions: number[];
	/** By `<resource>.<operation>`, or under `all` for a node without operations. */
	operations: Record<string, Fields>;
}

function saved(): Record<string, Saved> {
	return Object.fromEntries(
		packagedNodes().map(({ description }) => [
			description.name,
			{ typeVersions: [description.version].flat(), operations: operationsOf(description) },
		]),
	);
}

function operationsOf({ properties }: INodeTypeDescription): Record<string, Fields> {
	const operations = properties.filter(({ name }) => name === 'operation');
	if (operations.length === 0) return { all: fieldsIn(properties) };
	return Object.fromEntries(
		operations.flatMap(({ displayOptions, options }) =>
			((displayOptions?.show?.resource ?? []) as string[]).flatMap((resource) =>
				(options as INodePropertyOptions[]).map(({ value }) => [
					`${resource}.${String(value)}`,
					fieldsIn(properties.filter((field) => belongsTo(field, resource, String(value)))),
				]),
			),
		),
	);
}

function belongsTo({ displayOptions }: INodeProperties, resource: string, operation: string) {
	const { resource: resources, operation: operations } = displayOptions?.show ?? {};
	return (
		(!resources || resources.includes(resource)) && (!operations || operations.includes(operation))
	);
}

/** A field may be described more than once, with different choices each time. */
function fieldsIn(properties: INodeProperties[], parent = ''): Fields {
	const fields: Fields = {};
	for (const { name, type, options } of properties.filter((field) => field.type !== 'notice')) {
		const path = parent + name;
		if (type === 'collection') {
			Object.assign(fields, { [path]: [] }, fieldsIn(options as INodeProperties[], `${path}.`));
			continue;
		}
		const values = (options ?? []).map((option) =>
			String('value' in option ? option.value : option.name),
		);
		fields[path] = [...new Set([...(fields[path] ?? []), ...values])].sort();
	}
	return fields;
}

const now = saved();
if (process.env.UPDATE_GOLDEN)
	writeFileSync(join(folder, `${version}.json`), `${JSON.stringify(now, null, '\t')}\n`);
const versions = readdirSync(folder).filter((file) => file.endsWith('.json'));

it('has a file for this version', () => {
	expect(existsSync(join(folder, `${version}.json`))).toBe(true);
});

describe.each(versions)('a workflow saved with %s', (file) => {
	const before = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Saved>;

	it.each(Object.keys(before))('is still understood by %s', (node) => {
		const lost: string[] = [];
		const today = now[node];
		for (const typeVersion of before[node]!.typeVersions)
			if (!today?.typeVersions.includes(typeVersion)) lost.push(`version ${typeVersion}`);
		for (const [operation, fields] of Object.entries(before[node]!.operations)) {
			const kept = today?.operations[operation];
			if (!kept) lost.push(operation);
			for (const [field, values] of Object.entries(kept ? fields : {})) {
				if (!kept![field]) lost.push(`${operation}: ${field}`);
				for (const value of values)
					if (kept![field] && !kept![field].includes(value))
						lost.push(`${operation}: ${field} = ${value}`);
			}
		}
		expect(lost).toEqual([]);
	});
});
