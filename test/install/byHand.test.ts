import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { N8n } from '../../playground/n8n';
import {
	currentVersion,
	installN8n,
	N8nClient,
	projectFolder,
	runtimeFolder,
	startN8n,
} from '../../playground/n8n';
import { npm, run } from '../../playground/n8n/command';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { credentialFor } from '../support/credential';
import { triggerNode } from '../support/triggerNode';
import { packVersion } from './packages';
import type { Registry } from './registry';
import { startRegistry } from './registry';

jest.setTimeout(300_000);

/** What the README tells people to type. */
const commands = async () => {
	const readme = await readFile(join(projectFolder, 'README.md'), 'utf8');
	return [...readme.matchAll(/npm install --prefix [^'\n]*/g)].map(([command]) => command);
};

describe("an installation by hand, with the README's command", () => {
	let home: string;
	let registry: Registry;
	let sandbox: Sandbox;
	let n8n: N8n | undefined;
	beforeAll(async () => {
		home = await mkdtemp(join(runtimeFolder, 'by-hand-'));
		registry = await startRegistry();
		await writeFile(join(home, 'authority.pem'), registry.certificate);
		// This machine's own settings of npm do not count.
		await writeFile(join(home, 'npmrc'), '');
		sandbox = await startSandbox();
		registry.publish(await packVersion('0.0.1', join(home, 'package')));
		registry.publish(await anotherN8nWorkflow(join(home, 'n8n-workflow')));
	});
	afterAll(async () => {
		await n8n?.stop();
		await sandbox?.close();
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
				HTTPS_PROXY: registry.proxyUrl,
				NODE_EXTRA_CA_CERTS: join(home, 'authority.pem'),
				npm_config_userconfig: join(home, 'npmrc'),
				npm_config_cache: join(home, 'cache'),
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

	it('brings the package alone, not a second n8n-workflow that n8n would not know', async () => {
		expect(await install()).toEqual({ version: '0.0.1', packages: ['n8n-nodes-terra'] });
	});

	it('brings a newer version when it is there', async () => {
		registry.publish(await packVersion('0.0.2', join(home, 'newer')));
		expect(await install()).toEqual({ version: '0.0.2', packages: ['n8n-nodes-terra'] });
	});

	it('works: a ride arrives', async () => {
		n8n = await startN8n({ userFolder: home });
		const client = new N8nClient(n8n.url);
		await client.signIn({ email: 'owner@example.com', password: 'Playground1' });
		const credential = await client.createCredential('Terra', 'terraApi', credentialFor(sandbox));
		const { node, path } = triggerNode(credential);
		const workflow = await client.createWorkflow({ name: 'Rides', nodes: [node], connections: {} });
		await client.publish(workflow.id);
		sandbox.setDestination(`${n8n.url}/webhook/${path}`);

		const { activity } = await sandbox.finishRide();
		await sandbox.settled();
		const [execution] = await client.finishedExecutions(workflow.id, 1);
		expect(execution!.itemsOf(node.name)[0]!.json).toMatchObject({
			activity_key: expect.stringContaining(activity.metadata.summary_id) as string,
		});
	});
});

/** The registry has this one too, as the real one does: npm takes what a package wants from its host. */
async function anotherN8nWorkflow(folder: string) {
	await mkdir(folder);
	const manifest = { name: 'n8n-workflow', version: '99.0.0' };
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
	await npm(['pack', '--silent'], { cwd: folder });
	return { manifest, tarball: join(folder, 'n8n-workflow-99.0.0.tgz') };
}
