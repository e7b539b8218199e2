import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { packNodes, projectFolder, runtimeFolder } from '../../playground/n8n';
import { run } from '../../playground/n8n/command';

jest.setTimeout(120_000);

interface Scan {
	/** How many files and rules there were. */
	files: number;
	rules: number;
	violations: string[];
}

const scan = async (folder: string, kind: 'sources' | 'package') =>
	JSON.parse(
		await run(process.execPath, [join(__dirname, 'scan.mjs'), folder, kind], {
			cwd: projectFolder,
			// The rules look at file names only when they are not being tested themselves.
			env: { ...process.env, NODE_ENV: 'production' },
		}),
	) as Scan;

let folder: string;
beforeAll(async () => {
	await mkdir(runtimeFolder, { recursive: true });
	folder = await mkdtemp(join(runtimeFolder, 'rules-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

const sourceFiles = async () => {
	const lists = await Promise.all(
		['nodes', 'credentials'].map(async (name) => {
			const entries = await readdir(join(projectFolder, name), {
				recursive: true,
				withFileTypes: true,
			});
			return entries
				.filter((entry) => entry.isFile())
				.map((entry) => join(entry.parentPath, entry.name));
		}),
	);
	return lists.flat();
};

describe("n8n's rules for community nodes", () => {
	it('are kept, every one of them, by the sources', async () => {
		const { files, rules, violations } = await scan(projectFolder, 'sources');
		expect(violations).toEqual([]);
		expect(files).toBe((await sourceFiles()).length + 1);
		expect(rules).toBeGreaterThanOrEqual(40);
	});

	it('are kept by what is published', async () => {
		const unpacked = join(folder, 'package');
		await mkdir(unpacked);
		await run('tar', ['-xzf', await packNodes(), '--strip-components=1', '-C', unpacked]);
		const { files, violations } = await scan(unpacked, 'package');
		expect(violations).toEqual([]);
		expect(files).toBeGreaterThan(50);
	});

	it('would have been noticed', async () => {
		const broken = join(folder, 'broken');
		await mkdir(join(broken, 'nodes/Bad'), { recursive: true });
		await writeFile(
			join(broken, 'package.json'),
			JSON.stringify({ name: 'bad', version: '1.0.0', dependencies: { axios: '*' } }),
		);
		await writeFile(
			join(broken, 'nodes/Bad/Bad.node.ts'),
			'// eslint-disable-next-line no-console\nconsole.log(process.env);\n',
		);
		const { violations } = await scan(broken, 'sources');
		for (const rule of [
			'package-name-convention',
			'no-runtime-dependencies',
			'no-restricted-globals',
			'no-console',
		]) {
			expect(violations).toContainEqual(expect.stringContaining(rule));
		}
	});

	it('are switched off nowhere', async () => {
		for (const file of await sourceFiles()) {
			expect([file, await readFile(file, 'utf8')]).not.toEqual([
				file,
				expect.stringMatching(/eslint-(disable|enable)|@ts-(ignore|nocheck|expect-error)/),
			]);
		}
	});
});
