import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { createTerraCredential } from '../../playground/credential';
import { runtimeFolder } from '../../playground/n8n';
import type { World } from '../e2e/support';
import { createTriggerWorkflow, startEmptyWorld } from '../e2e/support';
import { expectRide } from './expectRide';
import { packVersion } from './packages';
import type { Registry } from './registry';
import { startRegistry } from './registry';

jest.setTimeout(300_000);

const name = 'n8n-nodes-terra';
const nodeTypes = [
	`${name}.terra`,
	`${name}.terraPollingTrigger`,
	`${name}.terraTool`,
	`${name}.terraTrigger`,
];
const earlier = '0.0.1';
const current = '0.0.2';

/** The user's settings before the upgrade: a value for every kind of field. */
const parameters = {
	events: ['activity', 'auth'],
	providers: { __rl: true, mode: 'list', value: 'XERT', cachedResultName: 'Xert' },
	emit: 'new',
	simplify: true,
	columns: 'full',
	filters: { minDistance: 1 },
	options: { maxAgeHours: 12 },
};

describe("n8n's own package installer", () => {
	let folder: string;
	let registry: Registry;
	let world: Omit<World, 'credential'>;
	beforeAll(async () => {
		folder = await mkdtemp(join(runtimeFolder, 'install-'));
		registry = await startRegistry();
		world = await startEmptyWorld({
			...(await registry.npmSettings(folder)),
			NO_PROXY: '127.0.0.1,localhost',
		});
		registry.publish(
			await packVersion(earlier, join(folder, earlier), {
				file: 'nodes/Terra/TerraTrigger.node.js',
				change: (text) => text.replace('Wait for a ride', 'Wait for one ride'),
			}),
		);
	});
	afterAll(async () => {
		await world?.close();
		await registry?.close();
		await rm(folder, { recursive: true, force: true });
	});

	const loaded = async () => {
		const types = (await world.client.nodeTypes()).filter((type) => type.name.startsWith(name));
		return types.map((type) => type.name).sort();
	};
	const panelHeader = async () => {
		const types = await world.client.nodeTypes();
		const trigger = types.find((type) => type.name === `${name}.terraTrigger`);
		return (trigger as { triggerPanel?: { header: string } }).triggerPanel?.header;
	};
	const rideArrives = async () => await expectRide(world, workflowId);
	let workflowId: string;

	// The tests build on each other.
	it('refuses a version that does not exist', async () => {
		expect(await loaded()).toEqual([]);
		await expect(world.client.installPackage(name, '9.9.9')).rejects.toThrow(/does not exist/);
		expect(await loaded()).toEqual([]);
	});

	it('installs a version whose trigger works', async () => {
		const installed = await world.client.installPackage(name, earlier);
		expect(installed).toMatchObject({ packageName: name, installedVersion: earlier });
		expect(await loaded()).toEqual(nodeTypes);
		expect(await panelHeader()).toBe('Wait for one ride');

		const credential = await createTerraCredential(world.client, world.sandbox);
		const terra = { ...world, credential };
		const { workflow, production } = await createTriggerWorkflow(terra, parameters);
		workflowId = workflow.id;
		await world.client.publish(workflowId);
		world.sandbox.setDestination(production);
		await rideArrives();
	});

	it('upgrades the package of a published workflow, which keeps its parameters and continues', async () => {
		registry.publish(await packVersion(current, join(folder, current)));
		const [offered] = await world.client.installedPackages();
		expect(offered).toMatchObject({ installedVersion: earlier, updateAvailable: current });

		const installed = await world.client.updatePackage(name, current);
		expect(installed).toMatchObject({ packageName: name, installedVersion: current });
		expect(await loaded()).toEqual(nodeTypes);
		expect(await panelHeader()).toBe('Wait for a ride');

		const workflow = await world.client.workflow(workflowId);
		expect(workflow.active).toBe(true);
		expect(workflow.nodes[0]!.parameters).toEqual(parameters);
		await rideArrives();
	});

	it('keeps the package after a restart, without asking the registry again', async () => {
		const before = registry.requests.filter((path) => path.endsWith('.tgz')).length;
		await world.restartN8n();
		expect(await loaded()).toEqual(nodeTypes);
		await rideArrives();
		expect(registry.requests.filter((path) => path.endsWith('.tgz'))).toHaveLength(before);
	});

	it('uninstalls the package, after which no delivery is accepted', async () => {
		await world.client.uninstallPackage(name);
		expect(await loaded()).toEqual([]);
		expect(await world.client.installedPackages()).toEqual([]);
		const { delivery } = await world.sandbox.finishRide();
		expect(delivery!.attempts[0]!.status).toBeGreaterThanOrEqual(400);
	});
});
