import type { IDataObject } from 'n8n-workflow';
import { waitFor } from '../../playground/n8n';
import {
	adminCredentialFor,
	createAdminCredential,
	createTerraCredential,
	noSecret,
} from '../../playground/credential';
import { askDestinations, destinationsOf } from '../support/destinations';
import type { World } from './support';
import { createTriggerWorkflow, startWorld, triggerName } from './support';

jest.setTimeout(300_000);

let world: World;
beforeAll(async () => {
	// Terra repeats a refused delivery after some seconds.
	world = await startWorld({}, { timeScale: 15, ackTimeoutMs: 8_000 });
});
afterAll(async () => await world?.close());

/** The workflows published by the current test. */
const published: string[] = [];
afterEach(async () => {
	for (const id of published.splice(0)) await world.client.deactivate(id).catch(() => undefined);
	const { sandbox } = world;
	for (const { id } of await destinationsOf(sandbox)) {
		await askDestinations(sandbox, 'DELETE', `/${id}`);
	}
	world.sandbox.settings.secondDestinationStatus = 409;
	world.sandbox.requests.length = 0;
});

const destinations = async () =>
	(await destinationsOf(world.sandbox)).map(({ url, active }) => ({ url, active }));
const changes = () =>
	world.sandbox.requests.filter(
		({ method, path }) => method !== 'GET' && path.includes('/destinations'),
	);

/** A trigger that registers itself, without a typed signing secret. */
async function automatic(adminChange: IDataObject = {}) {
	const withoutSecret = await createTerraCredential(world.client, world.sandbox, noSecret);
	const admin = await createAdminCredential(world.client, world.sandbox, adminChange);
	const parameters = { registration: 'automatic', events: ['activity', 'auth'] };
	const created = await createTriggerWorkflow(world, parameters, withoutSecret, admin);
	published.push(created.workflow.id);
	const { client, sandbox } = world;
	return {
		...created,
		// n8n's own name for itself by default.
		production: created.production.replace('127.0.0.1', 'localhost'),
		test: created.test.replace('127.0.0.1', 'localhost'),
		admin,
		async ride(count = 1) {
			for (let ride = 0; ride < count; ride++) await sandbox.finishRide({ durationSeconds: 600 });
			await sandbox.settled();
		},
		/** The items of all executions, once they have ended. */
		arrived: async (executionsAtLeast = 1) => {
			const executions = await client.finishedExecutions(created.workflow.id, executionsAtLeast);
			return executions.flatMap((one) => one.itemsOf(triggerName));
		},
		async changed(parameter: object) {
			const workflow = await client.workflow(created.workflow.id);
			const nodes = workflow.nodes.map((node) => ({
				...node,
				parameters: { ...node.parameters, ...parameter },
			}));
			await client.updateWorkflow(workflow.id, { ...workflow, nodes });
			await client.publish(workflow.id);
		},
	};
}

it('receives rides without a typed secret, also after a restart, and none when unpublished', async () => {
	const trigger = await automatic();
	await world.client.publish(trigger.workflow.id);
	expect(await destinations()).toEqual([{ url: trigger.production, active: true }]);
	await trigger.ride();
	expect(await trigger.arrived()).toHaveLength(1);

	await world.restartN8n();
	await trigger.ride();
	expect(await trigger.arrived()).toHaveLength(2);
	expect(changes()).toHaveLength(1);

	await world.client.deactivate(trigger.workflow.id);
	await waitFor('switched-off destination', async () =>
		(await destinations()).every(({ active }) => !active) ? true : undefined,
	);
});

it('loses no ride when published again and again', async () => {
	const trigger = await automatic();
	await world.client.publish(trigger.workflow.id);
	let rides = 0;
	let isDone = false;
	// On a slow machine publishing takes as long as a ride, so continue until there were enough of both.
	const publications = (async () => {
		for (let round = 1; round <= 10 || rides < 15; round++)
			await trigger.changed({ emit: round % 2 ? 'new' : 'all' });
	})().finally(() => (isDone = true));
	for (; !isDone; rides++) {
		await world.sandbox.finishRide({ durationSeconds: 600 });
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	await publications;
	// Terra repeats what n8n refused while it replaced one version with the next.
	await world.sandbox.settled();
	expect(await trigger.arrived()).toHaveLength(rides);
	expect(changes()).toHaveLength(1);
});

it('keeps its destination on when changed to By Hand', async () => {
	const trigger = await automatic();
	await world.client.publish(trigger.workflow.id);
	await trigger.changed({ registration: 'byHand', options: { verifySignature: false } });
	await new Promise((resolve) => setTimeout(resolve, 12_000));
	expect(await destinations()).toEqual([{ url: trigger.production, active: true }]);
	await trigger.ride();
	expect(await trigger.arrived()).toHaveLength(1);
});

it('listens for a test event with a webhook of its own, and removes it afterwards', async () => {
	world.sandbox.settings.secondDestinationStatus = null;
	const trigger = await automatic();
	await world.client.publish(trigger.workflow.id);
	await world.client.listenForTestEvent(trigger.workflow.id, triggerName);
	expect(await destinations()).toEqual([
		{ url: trigger.production, active: true },
		{ url: trigger.test, active: true },
	]);
	await trigger.ride();
	await waitFor('the end of the test', async () =>
		(await destinations()).length === 1 ? true : undefined,
	);
	expect(await destinations()).toEqual([{ url: trigger.production, active: true }]);
	// One in production and one in the editor.
	expect(await trigger.arrived()).toHaveLength(2);
});

it('says what to do if the token has expired, and keeps an existing registration', async () => {
	world.sandbox.addAdminToken('expired-example', { expiresAt: Date.now() - 1 });
	const refused = await automatic({ token: 'expired-example' });
	await expect(world.client.publish(refused.workflow.id)).rejects.toThrow(
		/refused the Personal Access Token/,
	);

	const trigger = await automatic();
	await world.client.publish(trigger.workflow.id);
	const { adminToken } = world.sandbox;
	world.sandbox.addAdminToken(adminToken, { expiresAt: Date.now() - 1 });
	await trigger.changed({ emit: 'new' });
	await world.restartN8n();
	await trigger.ride();
	expect(await trigger.arrived()).toHaveLength(1);
	world.sandbox.addAdminToken(adminToken);
});

it('fetches a secret that was rotated at Terra', async () => {
	const trigger = await automatic();
	await world.client.publish(trigger.workflow.id);
	await trigger.ride();
	await world.client.updateCredential(trigger.admin, {
		...adminCredentialFor(world.sandbox),
		signingSecret: 'of before the rotation',
	});
	await new Promise((resolve) => setTimeout(resolve, 1_500));
	await trigger.ride();
	expect(await trigger.arrived()).toHaveLength(2);
});

it('continues after a crash without a change at Terra', async () => {
	const trigger = await automatic();
	await world.client.publish(trigger.workflow.id);
	await trigger.ride();
	expect(await trigger.arrived()).toHaveLength(1);
	const before = changes().length;
	await world.crashN8n();
	await trigger.ride();
	expect(await trigger.arrived(2)).toHaveLength(2);
	expect(changes()).toHaveLength(before);
});

// Runs last, since the other tests use n8n's first address.
it('updates a changed address of n8n at the next start', async () => {
	const trigger = await automatic();
	await world.client.publish(trigger.workflow.id);
	const moved = new URL(trigger.production);
	moved.hostname = '127.0.0.1';
	await world.restartN8n({ N8N_WEBHOOK_URL: moved.origin, WEBHOOK_URL: moved.origin });
	await waitFor('the new address', async () =>
		(await destinations()).some(({ url }) => url === moved.href) ? true : undefined,
	);
	expect(await destinations()).toEqual([{ url: moved.href, active: true }]);
});
