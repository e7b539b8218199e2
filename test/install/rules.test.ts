import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { installCheckers, packNodes, projectFolder, runtimeFolder } from '../../playground/n8n';
import { run } from '../../playground/n8n/command';

jest.setTimeout(120_000);

interface Scan {
	/** The numbers of files and rules. */
	files: number;
	rules: number;
	violations: string[];
}

/** Without this, the rules would not look at file names. */
const env = { ...process.env, NODE_ENV: 'production' };

const scan = async (folder: string, kind: 'sources' | 'package') =>
	JSON.parse(
		await run(process.execPath, [join(__dirname, 'scan.mjs'), folder, kind], {
			cwd: projectFolder,
			env,
		}),
	) as Scan;

let folder: string;
beforeAll(async () => {
	await mkdir(runtimeFolder, { recursive: true });
	folder = await mkdtemp(join(runtimeFolder, 'rules-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

const unpack = async (name: string) => {
	const unpacked = join(folder, name);
	await mkdir(unpacked);
	await run('tar', ['-xzf', await packNodes(), '--strip-components=1', '-C', unpacked]);
	return unpacked;
};

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
	it('are all followed by the sources', async () => {
		const { files, rules, violations } = await scan(projectFolder, 'sources');
		expect(violations).toEqual([]);
		expect(files).toBe((await sourceFiles()).length + 1);
		expect(rules).toBeGreaterThanOrEqual(40);
	});

	it('are followed by the published package', async () => {
		const { files, violations } = await scan(await unpack('package'), 'package');
		expect(violations).toEqual([]);
		expect(files).toBeGreaterThan(50);
	});

	it('report a package that breaks them', async () => {
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

	it('are never disabled by a comment', async () => {
		for (const file of await sourceFiles()) {
			expect([file, await readFile(file, 'utf8')]).not.toEqual([
				file,
				expect.stringMatching(/eslint-(disable|enable)|@ts-(ignore|nocheck|expect-error)/),
			]);
		}
	});
});

describe("n8n's own tools", () => {
	let tools: string;
	beforeAll(async () => {
		tools = await installCheckers();
	}, 600_000);

	/** A copy of the sources without this project's own lint configuration. */
	const strictProject = async (name: string) => {
		const project = join(folder, name);
		const files = ['package.json', 'tsconfig.json', 'eslint.config.mjs'];
		for (const file of [...files, 'nodes', 'credentials', 'icons'])
			await cp(join(projectFolder, file), join(project, file), { recursive: true });
		await symlink(join(tools, 'node_modules'), join(project, 'node_modules'));
		return project;
	};

	const lint = async (cwd: string) => {
		const command = join(tools, 'node_modules/@n8n/node-cli/bin/n8n-node.mjs');
		return await run(process.execPath, [command, 'lint'], { cwd, env });
	};

	/** Runs the scanner's own check on a folder. */
	const scanned = async (path: string, patterns: string) => {
		const scanner = join(tools, 'node_modules/@n8n/scan-community-package/scanner/scanner.mjs');
		const code = `import * as scanner from ${JSON.stringify(pathToFileURL(scanner).href)};
			const result = await scanner.analyzePackage(${JSON.stringify(path)}, ${patterns});
			console.log(JSON.stringify(result));`;
		const output = await run(process.execPath, ['--input-type=module', '-e', code], { env });
		return JSON.parse(output) as { passed: boolean; details?: string };
	};
	const SOURCES = 'scanner.SOURCE_FILE_PATTERNS';
	/** The patterns that the scanner uses for a published package. */
	const PUBLISHED = "['**/*.js', 'package.json']";

	it("find nothing in strict mode with n8n's template", async () => {
		const { n8n } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8')) as {
			n8n: { strict: boolean };
		};
		expect(n8n.strict).toBe(true);
		await lint(await strictProject('strict'));
	});

	it('report another template, and a broken rule', async () => {
		const project = await strictProject('loose');
		const file = join(project, 'nodes/Terra/text/plain.ts');
		const text = await readFile(file, 'utf8');
		await writeFile(file, `${text}\nexport const home = process.env.HOME;\n`);
		await expect(lint(project)).rejects.toThrow(/no-restricted-globals/);
		await writeFile(file, text);
		await writeFile(join(project, 'eslint.config.mjs'), 'export default [];\n');
		await expect(lint(project)).rejects.toThrow(/Strict mode violation/);
	});

	it('find nothing in the sources and the packed package', async () => {
		expect(await scanned(projectFolder, SOURCES)).toEqual({ passed: true });
		expect(await scanned(await unpack('scanned'), PUBLISHED)).toEqual({ passed: true });
	});

	it('report a package that breaks a rule', async () => {
		const broken = await unpack('scanned-broken');
		await writeFile(join(broken, 'dist/more.js'), 'console.log(process.env.HOME);\n');
		const { passed, details } = await scanned(broken, PUBLISHED);
		expect(passed).toBe(false);
		expect(details).toMatch(
			/no-console[^]*no-restricted-globals|no-restricted-globals[^]*no-console/,
		);
	});
});
