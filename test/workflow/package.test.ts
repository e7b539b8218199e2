import { PackageDirectoryLoader } from 'n8n-core';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputSchemas } from '../../build/schemas';

const root = join(__dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What `npm publish` would upload, from the build made by `npm test`. */
const packed = JSON.parse(
	execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: root,
		stdio: ['ignore', 'pipe', 'ignore'],
	}).toString(),
);
const { files, size } = (Array.isArray(packed) ? packed[0] : Object.values(packed)[0]) as {
	files: Array<{ path: string }>;
	size: number;
};

describe('the package', () => {
	it('loads in n8n with its nodes, both credentials, icons and search words', async () => {
		const loader = new PackageDirectoryLoader(root);
		await loader.loadAll();
		const { nodes, credentials } = loader.types;
		expect(nodes.map(({ name }) => name).sort()).toEqual([
			'terra',
			'terraPollingTrigger',
			'terraTrigger',
		]);
		expect(credentials.map(({ name }) => name).sort()).toEqual(['terraAdminApi', 'terraApi']);
		for (const { iconUrl } of [...nodes, ...credentials]) {
			expect(iconUrl).toEqual({
				light: expect.stringMatching(/terra\.svg$/),
				dark: expect.stringMatching(/terra\.dark\.svg$/),
			});
		}
		for (const { codex } of nodes) expect(codex?.alias).toEqual(expect.arrayContaining(['Xert']));
	});

	it('has no runtime dependencies, and leaves the version of n8n-workflow to n8n', () => {
		expect(manifest.dependencies).toBeUndefined();
		expect(manifest.bundledDependencies).toBeUndefined();
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		// Otherwise npm would install a second copy of it in a manual installation.
		expect(manifest.peerDependenciesMeta).toEqual({ 'n8n-workflow': { optional: true } });
	});

	it('contains the compiled files, icons, search words and what npm requires', () => {
		const sources = ['nodes', 'credentials'].flatMap((folder) =>
			readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
				.filter((file) => file.endsWith('.ts') || file.endsWith('roboto.js'))
				.filter((file) => !file.endsWith('.d.ts'))
				.map((file) => `dist/${folder}/${file.replaceAll('\\', '/').replace(/\.ts$/, '.js')}`),
		);
		expect(files.map(({ path }) => path).sort()).toEqual(
			[
				...sources,
				...[...outputSchemas().keys()].map((path) => `dist/nodes/Terra/${path}`),
				'LICENSE',
				'README.md',
				'dist/icons/terra.dark.svg',
				'dist/icons/terra.svg',
				'dist/nodes/Terra/Terra.node.json',
				'dist/nodes/Terra/TerraPollingTrigger.node.json',
				'dist/nodes/Terra/TerraTrigger.node.json',
				'dist/nodes/Terra/pictures/roboto.LICENSE.txt',
				'package.json',
			].sort(),
		);
	});

	it('is at most 200 kB', () => {
		expect(size).toBeGreaterThan(10_000);
		expect(size).toBeLessThanOrEqual(200_000);
	});

	it('imports nothing but n8n-workflow and node:crypto at run time', () => {
		const imports = files
			.filter(({ path }) => path.endsWith('.js'))
			.flatMap(({ path }) => {
				const code = readFileSync(join(root, path), 'utf8');
				return [...code.matchAll(/require\("([^".][^"]*)"\)/g)].map(([, name]) => name);
			});
		expect([...new Set(imports)].sort()).toEqual(['n8n-workflow', 'node:crypto']);
	});
});
