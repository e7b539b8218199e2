import { createTerraCredential, noSecret } from '../../playground/credential';
import { PublicationFailed } from '../../playground/n8n';
import type { World } from './support';
import {
	createTriggerWorkflow,
	post,
	rideEvent,
	signatureOf,
	startWorld,
	triggerName,
} from './support';
import { keyOf } from '../support/keyOf';

jest.setTimeout(300_000);

const json = { 'content-type': 'application/json' };

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(async () => await world?.close());

describe('publishing a workflow with a Terra Trigger', () => {
	const withoutSecret = async () =>
		await createTerraCredential(world.client, world.sandbox, noSecret);

	it('fails without a signing secret, and says where to find it', async () => {
		const { workflow } = await createTriggerWorkflow(world, {}, await withoutSecret());
		const publication = world.client.publish(workflow.id);
		await expect(publication).rejects.toThrow(PublicationFailed);
		await expect(publication).rejects.toThrow(/Signing Secret/);
	});

	it('works without one if verification is switched off', async () => {
		const { workflow, production } = await createTriggerWorkflow(
			world,
			{ options: { verifySignature: false } },
			await withoutSecret(),
		);
		await world.client.publish(workflow.id);
		const answer = await post(production, JSON.stringify(await rideEvent(world)), json);
		expect(answer.status).toBe(200);
		expect(await world.client.finishedExecutions(workflow.id, 1)).toHaveLength(1);
	});
});

describe('the production URL', () => {
	it('starts one execution for a finished ride', async () => {
		const { workflow, production } = await createTriggerWorkflow(world);
		await world.client.publish(workflow.id);
		world.sandbox.setDestination(production);

		const { activity } = await world.sandbox.finishRide();
		await world.sandbox.settled();
		world.sandbox.setDestination(null);

		expect(world.sandbox.ledger.at(-1)).toMatchObject({ outcome: 'accepted' });
		const executions = await world.client.finishedExecutions(workflow.id, 1);
		expect(executions.map(({ status, mode }) => ({ status, mode }))).toEqual([
			{ status: 'success', mode: 'webhook' },
		]);
		const items = executions[0]!.itemsOf(triggerName);
		expect(items).toHaveLength(1);
		expect(items[0]!.json).toMatchObject({
			activity_key: keyOf(world.sandbox.users[0]!, activity.metadata.summary_id),
			name: activity.metadata.name,
			distance_meters: activity.distance_data.summary.distance_meters,
		});
	});

	describe('refuses and starts nothing for', () => {
		const secret = () => world.sandbox.signingSecret;

		const cases: Array<
			[string, (body: string) => { body: string; headers: Record<string, string>; status: number }]
		> = [
			[
				'a delivery signed with another secret',
				(body) => ({
					body,
					headers: { ...json, 'terra-signature': signatureOf(body, 'guessed') },
					status: 401,
				}),
			],
			[
				'a body altered after it was signed',
				(body) => ({
					body: body.replace('XERT', 'xert'),
					headers: { ...json, 'terra-signature': signatureOf(body, secret()) },
					status: 401,
				}),
			],
			['an unsigned delivery', (body) => ({ body, headers: json, status: 401 })],
			[
				'a signature without a signature in it',
				(body) => ({ body, headers: { ...json, 'terra-signature': 't=1,v0=00' }, status: 401 }),
			],
			['an empty body without a signature', () => ({ body: '', headers: json, status: 401 })],
			[
				'an empty body, signed',
				() => ({
					body: '',
					headers: { ...json, 'terra-signature': signatureOf('', secret()) },
					status: 400,
				}),
			],
			[
				'JSON that is no event, signed',
				() => ({
					body: '[1]',
					headers: { ...json, 'terra-signature': signatureOf('[1]', secret()) },
					status: 400,
				}),
			],
			[
				// n8n itself refuses this one, before it reaches the node.
				'a body cut off in the middle',
				(body) => ({
					body: body.slice(0, -20),
					headers: { ...json, 'terra-signature': signatureOf(body.slice(0, -20), secret()) },
					status: 422,
				}),
			],
		];

		it.each(cases)('%s', async (_case, make) => {
			const { workflow, production } = await createTriggerWorkflow(world);
			await world.client.publish(workflow.id);
			const genuine = JSON.stringify(await rideEvent(world));

			const { body, headers, status } = make(genuine);
			expect((await post(production, body, headers)).status).toBe(status);

			// A genuine delivery shows that the URL works, and starts the only execution.
			const signature = signatureOf(genuine, secret());
			const answer = await post(production, genuine, { ...json, 'terra-signature': signature });
			expect(answer.status).toBe(200);
			expect(await world.client.finishedExecutions(workflow.id, 1)).toHaveLength(1);
		});
	});

	it('accepts a signed delivery without a content type', async () => {
		const { workflow, production } = await createTriggerWorkflow(world);
		await world.client.publish(workflow.id);
		const body = JSON.stringify(await rideEvent(world));

		const signature = signatureOf(body, world.sandbox.signingSecret);
		const answer = await post(production, body, { 'terra-signature': signature });
		expect(answer.status).toBe(200);
		expect(await world.client.finishedExecutions(workflow.id, 1)).toHaveLength(1);
	});

	it('starts nothing for a ride from another provider', async () => {
		const { workflow, production } = await createTriggerWorkflow(world);
		await world.client.publish(workflow.id);
		const event = await rideEvent(world);
		const body = JSON.stringify({ ...event, user: { ...event.user, provider: 'GARMIN' } });

		const signature = signatureOf(body, world.sandbox.signingSecret);
		const answer = await post(production, body, { ...json, 'terra-signature': signature });
		expect(answer).toEqual({ status: 200, text: expect.stringContaining('GARMIN') as string });
		expect(await world.client.executions(workflow.id)).toEqual([]);
	});
});

describe('the test URL', () => {
	it('shows one ride in the editor without publishing', async () => {
		const { workflow, test } = await createTriggerWorkflow(world);
		await world.client.listenForTestEvent(workflow.id, triggerName);
		world.sandbox.setDestination(test);
		const { activity } = await world.sandbox.finishRide();
		await world.sandbox.settled();
		world.sandbox.setDestination(null);

		const executions = await world.client.finishedExecutions(workflow.id, 1);
		expect(executions.map(({ mode }) => mode)).toEqual(['manual']);
		expect(executions[0]!.itemsOf(triggerName)[0]!.json).toMatchObject({
			activity_key: expect.stringContaining(activity.metadata.summary_id) as string,
		});
	});

	it('says why a forged delivery was refused', async () => {
		const { workflow, test } = await createTriggerWorkflow(world);
		await world.client.listenForTestEvent(workflow.id, triggerName);
		const body = JSON.stringify(await rideEvent(world));

		const forged = { ...json, 'terra-signature': signatureOf(body, 'guessed') };
		expect((await post(test, body, forged)).status).toBe(401);
		const [execution] = await world.client.finishedExecutions(workflow.id, 1);
		expect(execution!.itemsOf(triggerName)).toEqual([]);
		expect(execution!.error).toMatch(/refused/);
	});
});

describe('after a restart of n8n', () => {
	it('a delivery to the same URL still arrives', async () => {
		const { workflow, production } = await createTriggerWorkflow(world);
		await world.client.publish(workflow.id);
		await world.restartN8n();
		world.sandbox.setDestination(production);

		await world.sandbox.finishRide();
		await world.sandbox.settled();
		expect(await world.client.finishedExecutions(workflow.id, 1)).toHaveLength(1);
	});
});
