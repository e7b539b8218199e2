import { waitFor } from '../../playground/n8n';
import { askDestinations, destinationsOf } from '../support/destinations';
import type { World } from './support';
import { createTriggerWorkflow, startWorld, triggerName } from './support';

jest.setTimeout(600_000);

const HOUR = 3_600_000;

let world: World;
/** How far Terra's clock, and n8n's from its next start, is ahead of the real one. */
let ahead: number;
beforeEach(async () => {
	ahead = 0;
	world = await startWorld({}, { now: () => Date.now() + ahead, timeScale: 1_000 });
});
afterEach(async () => await world?.close());

const clockAhead = (waitsShorter = 1) => ({
	LONG_WAITS_SHORTER: String(waitsShorter),
	NODE_OPTIONS: `--require "${require.resolve('../support/clockAhead.js')}"`,
	CLOCK_AHEAD_MS: String(ahead),
});

/** A published trigger that has received one ride. */
async function published(parameters = {}) {
	const { client, sandbox } = world;
	const { workflow, production } = await createTriggerWorkflow(world, {
		columns: 'full',
		options: { verifySignature: true },
		...parameters,
	});
	sandbox.setDestination(production);
	await client.publish(workflow.id);
	const delivered = (await sandbox.finishRide({ durationSeconds: 600 })).activity;
	await client.finishedExecutions(workflow.id, 1);
	return { workflow, delivered: delivered.metadata.summary_id };
}

/** A ride that ended some hours ago, by default undelivered. */
async function ride(hoursAgo: number, deliver = false): Promise<string> {
	const durationSeconds = 600;
	const startTime = new Date(Date.now() + ahead - hoursAgo * HOUR - durationSeconds * 1000);
	const { activity } = await world.sandbox.finishRide({ durationSeconds, startTime, deliver });
	return activity.metadata.summary_id;
}

/** The rides of all executions that had any, in order. */
async function ridesOf(workflowId: string, count: number) {
	const { client } = world;
	const read = async () => {
		const all = await Promise.all(
			(await client.executions(workflowId)).reverse().map(({ id }) => client.execution(id)),
		);
		return all.flatMap((execution) =>
			execution.itemsOf(triggerName).map(({ json }) => ({
				id: String(json.activity_key).split(':').at(-1)!,
				source: json.source,
			})),
		);
	};
	await waitFor(`${count} rides`, async () => ((await read()).length >= count ? true : undefined), {
		seconds: 150,
	});
	// A second execution for a ride would arrive now.
	await new Promise((resolve) => setTimeout(resolve, 3_000));
	return await read();
}

it('starts each ride that ended while n8n was off or starting once, even if n8n is killed during a pass', async () => {
	const { workflow, delivered } = await published();
	ahead = 12 * HOUR;
	const missed = [await ride(6), await ride(5), await ride(4)];
	const during: Array<Promise<string>> = [];
	const knocking = setInterval(() => during.push(ride(3, true)), 500);
	await world.restartN8n(clockAhead()).finally(() => clearInterval(knocking));
	const others = await Promise.all(during);
	const all = [delivered, ...missed, ...others];

	const found = await ridesOf(workflow.id, all.length);
	expect(found.map(({ id }) => id).sort()).toEqual([...all].sort());
	expect(found.filter(({ source }) => source === 'catch-up').slice(0, 3)).toEqual(
		missed.map((id) => ({ id, source: 'catch-up' })),
	);

	ahead = 24 * HOUR;
	const more = await Promise.all([7, 6, 5, 4, 3, 2].map(async (hours) => await ride(hours)));
	await world.restartN8n(clockAhead());
	await ridesOf(workflow.id, all.length + 1);
	await world.crashN8n(clockAhead());
	const inTheEnd = await ridesOf(workflow.id, all.length + more.length);
	expect(inTheEnd.map(({ id }) => id).sort()).toEqual([...all, ...more].sort());
});

it('starts rides from a week in which the workflow was not published', async () => {
	const { workflow, delivered } = await published();
	await world.client.deactivate(workflow.id);
	ahead = 7 * 24 * HOUR;
	const missed = [await ride(6 * 24), await ride(2)];
	await world.restartN8n(clockAhead());
	await world.client.publish(workflow.id);
	const found = await ridesOf(workflow.id, 3);
	expect(found.map(({ id }) => id)).toEqual([delivered, ...missed]);
});

it('starts rides that a switched-off webhook did not deliver, and warns after three times', async () => {
	const { sandbox, logs } = world;
	const { workflow, delivered } = await published();
	const [destination] = await destinationsOf(sandbox);
	await askDestinations(sandbox, 'PATCH', `/${destination!.id}`, { active: false });
	ahead = 24 * HOUR;
	const rides = [delivered, await ride(6, true)];
	// Hours become seconds: the first three passes come within two minutes.
	await world.restartN8n(clockAhead(600));
	for (const count of [2, 3, 4]) {
		expect(logs()).not.toMatch(/that the webhook missed/);
		const found = await ridesOf(workflow.id, count);
		expect(found.map(({ id }) => id)).toEqual(rides);
		if (count < 4) rides.push(await ride(4, true));
	}
	await waitFor(
		'the warning',
		async () => /that the webhook missed 3 times/.test(logs()) || undefined,
	);
	expect(sandbox.ledger).toHaveLength(1);
});
