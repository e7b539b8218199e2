import { randomUUID } from 'node:crypto';
import { waitFor } from '../../playground/n8n';
import { createTriggerWorkflow, startWorld, triggerName, type World } from './support';

jest.setTimeout(600_000);

let world: World;
afterEach(async () => await world?.close());

/** The items of all executions that had any. */
async function itemsOf(workflowId: string, node: string) {
	const { client } = world;
	const begun = (await client.executions(workflowId)).filter(({ mode }) => mode !== 'manual');
	const executions = await Promise.all(begun.reverse().map(({ id }) => client.execution(id)));
	return executions.map((one) => one.itemsOf(node).map(({ json }) => json)).filter(([one]) => one);
}

/** Waits for the number of executions with items, and then some more, for executions that should not happen. */
async function executionsWithItems(workflowId: string, node: string, count: number) {
	await waitFor(
		`${count} executions`,
		async () => ((await itemsOf(workflowId, node)).length >= count ? true : undefined),
		{ seconds: 240 },
	);
	await new Promise((resolve) => setTimeout(resolve, 15_000));
	return await itemsOf(workflowId, node);
}

const rideId = ({ activity_key }: { activity_key?: unknown }) =>
	String(activity_key).split(':').at(-1)!;

it('starts each ride once in an n8n that Terra cannot reach, also after a restart', async () => {
	world = await startWorld();
	const { client, sandbox, credential } = world;
	const name = 'Terra Polling Trigger';
	const workflow = await client.createWorkflow({
		name: 'Rides',
		nodes: [
			{
				id: randomUUID(),
				name,
				type: 'n8n-nodes-terra.terraPollingTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: { columns: 'full', minutes: 5 },
				credentials: { terraApi: { id: credential.id, name: credential.name } },
			},
		],
		connections: {},
	});
	const ride = async () =>
		(await sandbox.finishRide({ durationSeconds: 600, deliver: false })).activity.metadata
			.summary_id;
	const latest = await ride();
	const shown = await client.run(workflow.id, name);
	expect(shown.itemsOf(name).map(({ json }) => rideId(json))).toEqual([latest]);

	await client.publish(workflow.id);
	// Terra's times are in whole seconds.
	await new Promise((resolve) => setTimeout(resolve, 2_000));
	const rides = [await ride(), await ride(), await ride()];
	const first = await executionsWithItems(workflow.id, name, 3);
	expect(first.map((items) => items.map(rideId))).toEqual(rides.map((id) => [id]));
	expect(first[0]![0]).toMatchObject({ source: 'polling', status: 'new' });

	rides.push(await ride());
	await world.restartN8n();
	const all = await executionsWithItems(workflow.id, name, 4);
	expect(all.flat().map(rideId)).toEqual(rides);
	expect(sandbox.ledger).toEqual([]);
});

it('starts a settled ride once, with one item after five updates', async () => {
	const clock = `--require "${require.resolve('../support/clockAhead.js')}"`;
	// The ride must end after the publication, by n8n's clock.
	const ahead = 20 * 60_000;
	const settings = { NODE_OPTIONS: clock, CLOCK_SPEED: '5' };
	world = await startWorld(settings, { now: () => Date.now() + ahead });
	const { client, sandbox } = world;
	const parameters = { columns: 'full', emit: 'settled', settleMinutes: 5 };
	const { workflow, production } = await createTriggerWorkflow(world, parameters);
	sandbox.setDestination(production);
	await client.publish(workflow.id);
	const [user] = sandbox.users;
	const { activity } = await sandbox.finishRide({ durationSeconds: 600 });
	const { summary_id: id } = activity.metadata;
	for (let update = 1; update <= 5; update++) {
		await sandbox.updateActivity(user!.user_id, id, { metadata: { name: `Version ${update}` } });
	}
	await sandbox.settled();
	const answers = sandbox.ledger.map(({ attempts }) => attempts.at(-1)!.responseBody);
	expect(answers).toHaveLength(6);
	for (const answer of answers) expect(answer).toMatch(/^noted: /);

	expect(await executionsWithItems(workflow.id, triggerName, 1)).toMatchObject([
		[{ name: 'Version 5', status: 'new', source: 'settled' }],
	]);
});
