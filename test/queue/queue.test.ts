import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { INode } from 'n8n-workflow';

import { freePort, host, waitFor } from '../../playground/n8n';
import { historyWorkflow } from '../../playground/workflows';
import { sampleEvents } from '../../sandbox';
import { startCaddy, itWithCaddy } from '../support/caddy';
import { describeQueueMode } from './describe';
import type { World } from './world';
import { publishTrigger, startWorld } from './world';
import { destinationsOf } from '../support/destinations';
import { keyOf } from '../support/keyOf';
import { nodeBase, triggerName } from '../support/triggerNode';

jest.setTimeout(300_000);

describeQueueMode('n8n in queue mode: main, two webhook processes, two workers', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world?.close());

	/** An activity event about a new ride. */
	const rideEvent = async () => {
		const { activity } = await world.sandbox.finishRide({ deliver: false, durationSeconds: 1800 });
		const user = world.sandbox.users[0]!;
		return {
			key: keyOf(user, activity.metadata.summary_id),
			event: { type: 'activity', user, data: [activity], version: '2022-03-16' },
		};
	};

	const started = { status: 200, text: 'started' };

	it('a finished ride becomes one row, in an execution run by a worker', async () => {
		const trigger = await publishTrigger(world);
		world.sandbox.setDestination(trigger.publicUrl);
		const { activity } = await world.sandbox.finishRide();
		await world.sandbox.settled();
		world.sandbox.setDestination(null);

		expect(await trigger.items()).toMatchObject([
			{ name: activity.metadata.name, reference_id: 'rider-1', status: 'new' },
		]);
		const workerLogs = world.n8n.workers.map((worker) => worker.logs()).join('\n');
		const [execution] = await world.client.executions(trigger.workflow.id);
		expect(workerLogs).toMatch(new RegExp(`execution ${execution!.id}\\b`));
	});

	it('both webhook processes accept deliveries, and main does not', async () => {
		const trigger = await publishTrigger(world);
		for (const process of [0, 1]) {
			expect(await trigger.send((await rideEvent()).event, {}, process)).toEqual(started);
		}
		expect(await trigger.items()).toHaveLength(2);

		const path = new URL(trigger.publicUrl).pathname;
		const answer = await fetch(world.n8n.main.url + path, { method: 'POST', body: '{}' });
		expect(answer.status).toBe(404);
	});

	it('a hundred simultaneous rides over both processes arrive once each', async () => {
		const trigger = await publishTrigger(world);
		world.sandbox.setDestination(trigger.publicUrl);
		const rides = await Promise.all(
			Array.from({ length: 100 }, () => world.sandbox.finishRide({ durationSeconds: 600 })),
		);
		await world.sandbox.settled();
		world.sandbox.setDestination(null);

		const [user] = world.sandbox.users;
		const keys = rides.map(({ activity }) => keyOf(user, activity.metadata.summary_id));
		const items = await trigger.items();
		expect(items.map((item) => item.activity_key).sort()).toEqual(keys.sort());
	});

	it('a forged delivery starts nothing in either process', async () => {
		const trigger = await publishTrigger(world);
		for (const process of [0, 1]) {
			const { event } = await rideEvent();
			const answer = await trigger.send(event, { secret: 'guessed' }, process);
			expect(answer).toMatchObject({ status: 401 });
		}
		expect(await trigger.started()).toBe(0);
	});

	describe('catching up', () => {
		const HOUR = 3_600_000;

		it('starts what neither webhook process received, with one question for all', async () => {
			const trigger = await publishTrigger(world, { columns: 'full' });
			const ride = async (hoursAgo: number) => {
				const startTime = new Date(Date.now() - hoursAgo * HOUR);
				const made = await world.sandbox.finishRide({
					startTime,
					durationSeconds: 600,
					deliver: false,
				});
				const [user] = world.sandbox.users;
				return {
					event: { type: 'activity', user, data: [made.activity], version: '2022-03-16' },
					key: keyOf(user!, made.activity.metadata.summary_id),
				};
			};
			const delivered = [await ride(10), await ride(9), await ride(8), await ride(7)];
			for (const [index, { event }] of delivered.entries()) {
				expect(await trigger.send(event, {}, index % 2)).toEqual(started);
			}
			await trigger.items();
			const missed = [await ride(6), await ride(5), await ride(4)];
			const { database, client } = world;
			const since = ['node:Terra Trigger', 'watched', 'since'];
			await client.deactivate(trigger.workflow.id);
			await database.setStaticData(trigger.workflow.id, since, Date.now() - 24 * HOUR);
			await client.publish(trigger.workflow.id);

			const caughtUp = async () =>
				(await trigger.items()).filter(({ source }) => source === 'catch-up');
			await waitFor(
				'the rides',
				async () =>
					(await caughtUp()).some((one) => one.activity_key === missed[2]!.key) ? true : undefined,
				{ seconds: 120 },
			);
			// A second execution for a ride would arrive now.
			await new Promise((resolve) => setTimeout(resolve, 5_000));
			const caughtUpKeys = (await caughtUp()).map(({ activity_key }) => activity_key);
			const ours = [...delivered, ...missed].map(({ key }) => key);
			// The sandbox's athletes may have ridden yesterday as well.
			const keys = caughtUpKeys.filter((key) => ours.includes(String(key)));
			expect(keys).toEqual(missed.map(({ key }) => key));
			expect(await trigger.started()).toBe(4 + 1 + caughtUpKeys.length);
		});
	});

	describe('repeated deliveries', () => {
		it('simultaneous copies to one process start one execution', async () => {
			const trigger = await publishTrigger(world);
			const { event } = await rideEvent();
			const traceId = randomUUID();
			const answers = await Promise.all(
				Array.from({ length: 10 }, () => trigger.send(event, { traceId })),
			);
			expect(answers.map(({ text }) => text).sort()).toEqual([
				...Array.from({ length: 9 }, () => 'repeated'),
				'started',
			]);
			expect(await trigger.items()).toHaveLength(1);
		});

		it('a later copy to the other process starts nothing', async () => {
			const trigger = await publishTrigger(world);
			const { event } = await rideEvent();
			const traceId = randomUUID();
			expect(await trigger.send(event, { traceId }, 0)).toEqual(started);
			expect(await trigger.send(event, { traceId }, 1)).toEqual({ status: 200, text: 'repeated' });
			expect(await trigger.items()).toHaveLength(1);
		});

		it('a later copy of any of several deliveries starts nothing', async () => {
			const trigger = await publishTrigger(world);
			for (let delivery = 0; delivery < 3; delivery++) {
				const { event } = await rideEvent();
				const traceId = randomUUID();
				expect(await trigger.send(event, { traceId }, 0)).toEqual(started);
				expect(await trigger.send(event, { traceId }, 1)).toMatchObject({ text: 'repeated' });
			}
			expect(await trigger.items()).toHaveLength(3);
		});

		/** The keys of the rides that reached the workflow, sorted. */
		const keysOf = async (trigger: Awaited<ReturnType<typeof publishTrigger>>) =>
			(await trigger.items()).map((item) => String(item.activity_key)).sort();

		it('a later copy is dropped although the static data was lost', async () => {
			const trigger = await publishTrigger(world);
			const deliveries = await Promise.all(
				Array.from({ length: 20 }, async () => ({ ...(await rideEvent()), traceId: randomUUID() })),
			);
			for (const [index, { event, traceId }] of deliveries.entries()) {
				expect(await trigger.send(event, { traceId }, index % 2)).toEqual(started);
			}
			await trigger.items();
			await world.database.wipeStaticData(trigger.workflow.id);
			for (const [index, { event, traceId }] of deliveries.entries()) {
				await trigger.send(event, { traceId }, (index + 1) % 2);
			}
			const keys = deliveries.map(({ key }) => key).sort();
			expect(await keysOf(trigger)).toEqual(keys);
		});

		it('later copies of a burst to the other process are dropped', async () => {
			const trigger = await publishTrigger(world);
			const burst = await Promise.all(
				Array.from({ length: 50 }, async () => ({ ...(await rideEvent()), traceId: randomUUID() })),
			);
			const sendAll = async (process: number) =>
				await Promise.all(
					burst.map(({ event, traceId }) => trigger.send(event, { traceId }, process)),
				);
			await sendAll(0);
			await trigger.items();
			await world.database.wipeStaticData(trigger.workflow.id);
			// The workers check for that long that their records are still in n8n's table.
			await new Promise((resolve) => setTimeout(resolve, 6_000));
			await sendAll(1);
			expect(await keysOf(trigger)).toEqual(burst.map(({ key }) => key).sort());
		});

		it('simultaneous copies to both processes run at most twice', async () => {
			const trigger = await publishTrigger(world);
			const rounds = 30;
			for (let round = 0; round < rounds; round++) {
				const { event } = await rideEvent();
				const traceId = randomUUID();
				await Promise.all([0, 1, 0, 1].map((process) => trigger.send(event, { traceId }, process)));
			}
			const keys = await keysOf(trigger);
			// n8n's table has no lock, so two workers that read it simultaneously both find nothing.
			process.stdout.write(
				`Of ${rounds} rides that came to both processes at once, ${keys.length - rounds} ran twice.\n`,
			);
			expect(new Set(keys).size).toBe(rounds);
			expect(keys.length).toBeLessThanOrEqual(2 * rounds);
		});
	});

	describe('the proxy of docs/queue-mode', () => {
		/** The answers to deliveries sent in parallel through the proxy. */
		const through = async (
			send: Awaited<ReturnType<typeof publishTrigger>>['send'],
			destinationUrl: string,
			deliveries: Array<{ event: object; traceId: string }>,
		) =>
			await Promise.all(
				deliveries.map(({ event, traceId }) => send(event, { traceId, destinationUrl })),
			);
		const someDeliveries = async (count: number) =>
			await Promise.all(
				Array.from({ length: count }, async () => ({
					event: (await rideEvent()).event,
					traceId: randomUUID(),
				})),
			);

		/**
		 * Caddy in front of the webhook processes, of an address where nothing listens, and of a process still
		 * starting.
		 */
		const throughCaddy = async (work: (proxyUrl: string) => Promise<void>) => {
			const { main, webhooks } = world.n8n;
			const away = `http://${host}:${await freePort()}`;
			const starting = await startingN8n();
			const addresses = [away, starting.url, ...webhooks.map(({ url }) => url)];
			const proxy = await startCaddy(main.url, addresses);
			try {
				await work(proxy.url);
			} finally {
				await proxy.close();
				await starting.close();
			}
		};

		itWithCaddy(
			'leads the copies of a delivery to one process, so that they run once',
			async () =>
				await throughCaddy(async (proxyUrl) => {
					const trigger = await publishTrigger(world);
					const url = proxyUrl + new URL(trigger.publicUrl).pathname;
					const deliveries = await someDeliveries(30);
					const answers = await through(trigger.send, url, [...deliveries, ...deliveries]);
					expect(answers.filter(({ text }) => text === 'started')).toHaveLength(30);
					expect(answers.filter(({ text }) => text === 'repeated')).toHaveLength(30);
					expect(await trigger.items()).toHaveLength(30);
				}),
		);

		itWithCaddy(
			'passes over a process that is away or not ready, also when nothing has come for a while',
			async () =>
				await throughCaddy(async (proxyUrl) => {
					const trigger = await publishTrigger(world);
					const url = proxyUrl + new URL(trigger.publicUrl).pathname;
					for (const delivery of await someDeliveries(8)) {
						expect(await through(trigger.send, url, [delivery])).toEqual([started]);
						await new Promise((resolve) => setTimeout(resolve, 2500));
					}
				}),
		);
	});

	it('filters apply in both processes', async () => {
		const trigger = await publishTrigger(world, { filters: { minDistance: 1000 } });
		for (const process of [0, 1]) {
			const { event } = await rideEvent();
			const garmin = { ...event, user: { ...event.user, provider: 'GARMIN' } };
			for (const unwanted of [event, garmin, sampleEvents().sleep!]) {
				const answer = await trigger.send(unwanted, {}, process);
				expect(answer).toEqual({
					status: 200,
					text: expect.stringMatching(/^filtered: /) as string,
				});
			}
		}
		expect(await trigger.started()).toBe(0);
	});

	it('New Only: an update that arrives at the other process starts nothing', async () => {
		const trigger = await publishTrigger(world, { emit: 'new' });
		const { event, key } = await rideEvent();
		expect(await trigger.send(event, {}, 0)).toEqual(started);
		expect(await trigger.send(event, {}, 1)).toMatchObject({
			status: 200,
			text: expect.stringMatching(/^filtered: emitted before/) as string,
		});
		expect(await trigger.items()).toMatchObject([{ activity_key: key, status: 'new' }]);
	});

	it('an update that arrives at the other process is marked as one', async () => {
		const trigger = await publishTrigger(world);
		const { event } = await rideEvent();
		expect(await trigger.send(event, {}, 0)).toEqual(started);
		expect(await trigger.send(event, {}, 1)).toEqual(started);
		expect(await trigger.items()).toMatchObject([{ status: 'new' }, { status: 'updated' }]);
	});

	it('a ping is fetched by the webhook process and becomes a row', async () => {
		const trigger = await publishTrigger(world);
		const { event, key } = await rideEvent();
		world.storage.answerWith({ body: JSON.stringify(event) });
		const ping = { type: 's3_payload', url: world.storage.url, expires_in: 300, status: 'success' };
		expect(await trigger.send(ping, {}, 1)).toEqual(started);
		expect(await trigger.items()).toMatchObject([{ activity_key: key }]);
	});

	it('a ping whose payload cannot be fetched is repeated by Terra, and then arrives', async () => {
		const trigger = await publishTrigger(world);
		const { event, key } = await rideEvent();
		const ping = { type: 's3_payload', url: world.storage.url, expires_in: 300, status: 'success' };
		const traceId = randomUUID();
		world.storage.answerWith({ status: 503 });
		expect(await trigger.send(ping, { traceId }, 0)).toMatchObject({ status: 503 });
		world.storage.answerWith({ body: JSON.stringify(event) });
		expect(await trigger.send(ping, { traceId }, 1)).toEqual(started);
		expect(await trigger.items()).toMatchObject([{ activity_key: key }]);
	});

	it('registers itself with the address in front of the webhook processes, which get its secret', async () => {
		const trigger = await publishTrigger(world, { registration: 'automatic' });
		// Signed with the secret that Terra generated for this destination, and that only main has received.
		const rides = await Promise.all(Array.from({ length: 8 }, () => world.sandbox.finishRide()));
		await world.sandbox.settled();
		for (const { delivery } of rides) {
			expect(delivery).toMatchObject({ url: trigger.publicUrl, attempts: [{ status: 200 }] });
		}
		expect(await trigger.items()).toHaveLength(8);

		await world.client.deactivate(trigger.workflow.id);
		// n8n unpublishes a workflow after it has answered.
		await waitFor('switched-off destination', async () => {
			const [destination] = await destinationsOf(world.sandbox);
			return destination?.active === false || undefined;
		});
	});

	it('loses no ride, whatever the workers write into the static data', async () => {
		const code: INode = {
			...nodeBase('Code', 'n8n-nodes-base.code', 2),
			parameters: {
				jsCode: "$getWorkflowStaticData('global').runs = Date.now();\nreturn $input.all();",
			},
		};
		const history: INode = {
			...nodeBase('Get Rides', 'n8n-nodes-terra.terra', 1),
			parameters: { athletes: 'everyone', period: 'sinceLastRun', columns: 'essential' },
			executeOnce: true,
			credentials: { terraApi: { id: world.credential.id, name: world.credential.name } },
		};
		world.sandbox.settings.secondDestinationStatus = null;
		const trigger = await publishTrigger(world, { registration: 'automatic' }, [code, history]);
		const { workflow } = trigger;
		const user = world.sandbox.users[0]!;
		const sent: string[] = [];
		const returned: string[] = [];
		for (let round = 1; round <= 4; round++) {
			const rides = [];
			for (let ride = 0; ride < 5; ride++) {
				rides.push(await world.sandbox.finishRide({ durationSeconds: 600 }));
			}
			await world.sandbox.settled();
			for (const { delivery } of rides) {
				expect(delivery).toMatchObject({ attempts: [{ status: 200 }] });
			}
			sent.push(...rides.map(({ activity }) => keyOf(user, activity.metadata.summary_id)));
			const executions = await world.client.finishedExecutions(workflow.id, round);
			const keys = executions.flatMap((one) => one.itemsOf(history.name));
			returned.splice(0, returned.length, ...keys.map(({ json }) => String(json.activity_key)));

			// Publishes another version.
			const { nodes, ...rest } = await world.client.workflow(workflow.id);
			const emit = round % 2 === 1 ? 'new' : 'all';
			const changed = nodes.map((node) =>
				node.name === triggerName ? { ...node, parameters: { ...node.parameters, emit } } : node,
			);
			await world.client.updateWorkflow(workflow.id, { ...rest, nodes: changed });
			await world.client.publish(workflow.id);
		}
		const executions = await world.client.finishedExecutions(workflow.id, 1);
		const emitted = executions.flatMap((one) => one.itemsOf(triggerName));
		expect(emitted.map(({ json }) => json.activity_key).sort()).toEqual([...sent].sort());
		// Parallel executions may return the same ride, since n8n's table has no lock; none is left out.
		expect([...new Set(returned)]).toEqual(expect.arrayContaining(sent.slice(0, -5)));
		expect((await destinationsOf(world.sandbox)).filter(({ active }) => active)).toHaveLength(1);
		await world.client.deactivate(workflow.id);
	});

	it('Get Many runs on a worker and returns every ride once', async () => {
		const definition = await historyWorkflow(world.credential);
		const get = definition.nodes.find(({ type }) => type === 'n8n-nodes-terra.terra')!;
		const start = definition.nodes.find(({ type }) => type.endsWith('manualTrigger'))!;
		const workflow = await world.client.createWorkflow({
			...definition,
			nodes: [start, get],
			connections: { [start.name]: { main: [[{ node: get.name, type: 'main', index: 0 }]] } },
		});
		const execution = await world.client.run(workflow.id, start.name);

		expect(execution.error).toBeUndefined();
		const keys = execution.itemsOf(get.name).map(({ json }) => json.activity_key);
		const riders = world.sandbox.users.filter(({ provider }) => provider === 'XERT');
		const ridden = riders.flatMap((rider) =>
			world.sandbox
				.activitiesOf(rider.user_id)
				.filter(({ metadata }) => daysAgo(metadata.start_time) < 80)
				.map(({ metadata }) => keyOf(rider, metadata.summary_id)),
		);
		expect(new Set(keys).size).toBe(keys.length);
		expect(keys).toEqual(expect.arrayContaining(ridden));
		expect(ridden.length).toBeGreaterThan(30);
	});
});

const daysAgo = (time: string) => (Date.now() - Date.parse(time.slice(0, 10))) / 86_400_000;

/** An n8n whose database is not ready: it answers 200 to everything except the readiness check. */
async function startingN8n() {
	const server = createServer(({ url }, response) => {
		response.statusCode = url === '/healthz/readiness' ? 503 : 200;
		response.end('n8n is starting up. Please wait');
	});
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	return {
		url: `http://${host}:${(server.address() as AddressInfo).port}`,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
