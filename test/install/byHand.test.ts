import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createTerraCredential } from '../../playground/credential';
import { currentVersion, installN8n, projectFolder, runtimeFolder } from '../../playground/n8n';
import { npm, run } from '../../playground/n8n/command';
import type { World } from '../e2e/support';
import { createTriggerWorkflow, startEmptyWorld } from '../e2e/support';
import { expectRide } from './expectRide';
import { packVersion } from './packages';
import type { Registry } from './registry';
import { startRegistry } from './registry';

jest.setTimeout(300_000);

/** The commands in docs/setup.md. */
const commands = async () => {
	const page = await readFile(join(projectFolder, 'docs/setup.md'), 'utf8');
	return [...page.matchAll(/npm install --prefix [^'\n]*/g)].map(([command]) => command);
};

describe('a manual installation with the command in docs/setup.md', () => {
	let home: string;
	let registry: Registry;
	let npmSettings: NodeJS.ProcessEnv;
	let world: Omit<World, 'credential'> | undefined;
	beforeAll(async () => {
		home = await mkdtemp(join(runtimeFolder, 'by-hand-'));
		registry = await startRegistry();
		npmSettings = await registry.npmSettings(home);
		registry.publish(await packVersion('0.0.1', join(home, 'package')));
		registry.publish(await anotherN8nWorkflow(join(home, 'n8n-workflow')));
	});
	afterAll(async () => {
		await world?.close();
		await registry?.close();
		await rm(home, { recursive: true, force: true });
	});

	it('is the same with and without Docker', async () => {
		const [first, ...others] = await commands();
		expect(others).toEqual([first]);
		expect(first).toMatch(/ n8n-nodes-terra@latest$/);
	});

	const install = async () => {
		const [command] = await commands();
		const { node } = await installN8n(currentVersion);
		await run('sh', ['-c', command!], {
			cwd: home,
			env: {
				PATH: `${node.binFolder}:${process.env.PATH}`,
				HOME: home,
				...npmSettings,
				npm_config_prefer_online: 'true',
			},
		});
		const modules = join(home, '.n8n/nodes/node_modules');
		const { version } = JSON.parse(
			await readFile(join(modules, 'n8n-nodes-terra/package.json'), 'utf8'),
		) as { version: string };
		const packages = (await readdir(modules)).filter((name) => !name.startsWith('.'));
		return { version, packages };
	};

	it('installs only the package, not a second n8n-workflow that n8n would not use', async () => {
		expect(await install()).toEqual({ version: '0.0.1', packages: ['n8n-nodes-terra'] });
	});

	it('installs a newer version if there is one', async () => {
		registry.publish(await packVersion('0.0.2', join(home, 'newer')));
		expect(await install()).toEqual({ version: '0.0.2', packages: ['n8n-nodes-terra'] });
	});

	it('works: a ride arrives', async () => {
		world = await startEmptyWorld({}, undefined, home);
		const { client, sandbox } = world;
		const credential = await createTerraCredential(client, sandbox);
		const { workflow, production } = await createTriggerWorkflow({ ...world, credential });
		await client.publish(workflow.id);
		sandbox.setDestination(production);
		await expectRide(world, workflow.id);
	});
});

/** The registry also has a package of this name, as the real one does, for npm to find. */
async function anotherN8nWorkflow(folder: string) {
	await mkdir(folder);
	const manifest = { name: 'n8n-workflow', version: '99.0.0' };
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
	await npm(['pack', '--silent'], { cwd: folder });
	return { manifest, tarball: join(folder, 'n8n-workflow-99.0.0.tgz') };
}
