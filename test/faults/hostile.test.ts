import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';

import { finished } from '../../bench/compare';
import { makerOf, makerOfRides } from '../../bench/deliveries';
import { send } from '../../bench/load';
import type { N8n } from '../../playground/n8n';
import { N8nClient, packNodes, runtimeFolder, startN8n } from '../../playground/n8n';
import type { N8nDatabase } from '../../playground/n8n/database';
import { openSqlite } from '../../playground/n8n/database';
import { resultOf } from '../../playground/n8n/result';
import type { Activity, Delivery, Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { createTerraCredential } from '../../playground/credential';
import { triggerNode } from '../support/triggerNode';

jest.setTimeout(300_000);

/** How long Terra waits for an answer. */
const terraTimeoutMs = 8000;
const megabyte = 1024 * 1024;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('an n8n whose address attackers know', () => {
	let folder: string;
	let n8n: N8n;
	let sandbox: Sandbox;
	let database: N8nDatabase;
	let workflowId: string;
	let url: string;

	beforeAll(async () => {
		folder = await mkdtemp(join(runtimeFolder, 'hostile-'));
		sandbox = await startSandbox();
		n8n = await startN8n({
			userFolder: folder,
			tarball: await packNodes(),
			env: {
				N8N_METRICS: 'true',
				EXECUTIONS_DATA_PRUNE_MAX_COUNT: '0',
				NODE_OPTIONS: `--require "${require.resolve('../../playground/n8n/collectGarbage.js')}"`,
			},
		});
		const client = await N8nClient.signIn(n8n.url);
		const credential = await createTerraCredential(client, sandbox);
		const { node, path } = triggerNode(credential);
		const workflow = await client.createWorkflow({
			name: 'Target',
			nodes: [node],
			connections: {},
		});
		await client.publish(workflow.id);
		workflowId = workflow.id;
		url = `${n8n.url}/webhook/${path}`;
		sandbox.setDestination(url);
		database = await openSqlite(folder);
	});
	afterAll(async () => {
		await database?.close();
		await n8n?.stop();
		await sandbox?.close();
		await rm(folder, { recursive: true, force: true });
	});

	/** The rides of finished executions that are started during the given work. */
	const ridesOf = async (work: () => Promise<unknown>) => {
		const before = await database.progress(workflowId);
		await work();
		const after = await finished(database, workflowId);
		expect(after.failed).toBe(before.failed);
		const executions = await database.executions(workflowId, before.lastId);
		return executions.flatMap(({ data }) => resultOf(data).itemsOf()).length;
	};

	/** Finishes a ride every quarter of a second until the other work is done. */
	const ridesBeside = async (work: Promise<unknown>) => {
		let over = false;
		const stop = work.finally(() => (over = true));
		const deliveries: Array<Promise<Delivery>> = [];
		do {
			deliveries.push(
				sandbox.finishRide({ durationSeconds: 900 }).then(({ delivery }) => delivery!),
			);
			await pause(250);
		} while (!over);
		await stop;
		return await Promise.all(deliveries);
	};
	const expectInTime = (what: string, deliveries: Delivery[]) => {
		const attempts = deliveries.map(({ attempts: [first] }) => first!);
		expect(attempts.map(({ status }) => status)).toEqual(attempts.map(() => 200));
		const slowest = Math.max(...attempts.map(({ ms }) => ms));
		process.stdout.write(`${what}: the slowest of ${attempts.length} took ${slowest} ms\n`);
		expect(slowest).toBeLessThan(terraTimeoutMs);
	};

	it('delivers rides in time during three hundred requests that never finish their body', async () => {
		const sockets: Socket[] = Array.from({ length: 300 }, () => {
			const socket = connect(Number(new URL(url).port), '127.0.0.1');
			socket.on('error', () => socket.destroy());
			socket.write(
				`POST ${new URL(url).pathname} HTTP/1.1\r\nHost: n8n\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`,
			);
			return socket;
		});
		const drip = setInterval(() => sockets.forEach((socket) => socket.write(' ')), 500);
		let deliveries: Delivery[] = [];
		const rides = await ridesOf(async () => {
			deliveries = await ridesBeside(pause(10_000));
		});
		clearInterval(drip);
		sockets.forEach((socket) => socket.destroy());

		expectInTime('rides beside unfinished bodies', deliveries);
		expect(rides).toBe(deliveries.length);
	});

	it('refuses a flood of forged deliveries, stores none, and delivers rides in time', async () => {
		const make = await makerOf(sandbox, 'small');
		const forged = make(3000, 'guessed');
		let deliveries: Delivery[] = [];
		let statuses = {};
		const rides = await ridesOf(async () => {
			deliveries = await ridesBeside(
				send(forged, [url], 50).then((answers) => ({ statuses } = answers)),
			);
		});

		expect(statuses).toEqual({ 401: 3000 });
		expectInTime('rides beside forged deliveries', deliveries);
		expect(rides).toBe(deliveries.length);
	});

	it('handles parallel bodies of 16 MB, forged and genuine', async () => {
		const genuine = await Promise.all(Array.from({ length: 2 }, () => hugeDelivery(15.5)));
		const forged = await Promise.all(
			Array.from({ length: 6 }, () => hugeDelivery(15.5, 'guessed')),
		);
		const tooLarge = await hugeDelivery(17);
		const answers: number[] = [];
		let deliveries: Delivery[] = [];
		const rides = await ridesOf(async () => {
			const all = [...genuine, ...forged, tooLarge].map((post) => post());
			deliveries = await ridesBeside(
				Promise.all(all).then((statuses) => answers.push(...statuses)),
			);
		});

		expect(answers.slice(0, 2)).toEqual([200, 200]);
		expect(answers.slice(2, 8)).toEqual(Array.from({ length: 6 }, () => 401));
		// n8n's own answer above N8N_PAYLOAD_SIZE_MAX.
		expect(answers[8]).toBe(500);
		expectInTime('rides beside bodies of 16 MB', deliveries);
		expect(rides).toBe(deliveries.length + 2);
	});

	it('delivers every ride once from a year of rides with all their samples', async () => {
		const user = sandbox.users[0]!;
		const { activity } = await sandbox.finishRide({
			deliver: false,
			withSamples: true,
			durationSeconds: 1200,
		});
		const rides = Array.from({ length: 365 }, (_, day) => ({
			...activity,
			metadata: { ...activity.metadata, summary_id: `year-${day}` },
		}));
		const outcomes: Delivery[] = [];
		// Terra sends at most ten records or ten megabytes together.
		await ridesOf(async () => {
			const chunks = Array.from({ length: 37 }, (_, index) =>
				rides.slice(index * 10, index * 10 + 10),
			);
			const sent = chunks.map((data) => sandbox.send(eventOf(user, data)));
			outcomes.push(...(await Promise.all(sent)));
			await sandbox.settled();
		});

		expectInTime('chunks of ten rides', outcomes);
		const stored = (await database.executions(workflowId)).map(({ data }) => data).join();
		const keys = stored.match(/\w+:XERT:year-\d+/g) ?? [];
		expect(new Set(keys).size).toBe(365);
	});

	it('uses no more memory over the deliveries of a busy hour, one a second', async () => {
		const make = await makerOf(sandbox, 'small');
		const heap: number[] = [];
		await ridesOf(async () => {
			for (let part = 0; part < 8; part++) {
				const { statuses } = await send(make(450, sandbox.signingSecret), [url], 10);
				expect(statuses).toEqual({ 200: 450 });
				heap.push(await heapMegabytes());
			}
		});
		process.stdout.write(`heap after each eighth of 3,600 deliveries, in MB: ${heap.join(', ')}\n`);
		// The first half fills caches, such as the trigger's list of seen deliveries.
		expect(heap[7]! - heap[3]!).toBeLessThan(15);
	});

	/** Memory in use without garbage: the lowest of five readings, since n8n may be allocating meanwhile. */
	const heapMegabytes = async () => {
		const readings: number[] = [];
		while (readings.length < 5) {
			process.kill(n8n.pid, 'SIGUSR2');
			await pause(500);
			const metrics = await (await fetch(`${n8n.url}/metrics`)).text();
			const bytes = Number(/^n8n_nodejs_heap_size_used_bytes (\S+)/m.exec(metrics)?.[1]);
			readings.push(Math.round(bytes / megabyte));
		}
		return Math.min(...readings);
	};

	/** A ride of so many megabytes as a signed request. */
	const hugeDelivery = async (megabytes: number, secret = sandbox.signingSecret) => {
		const make = await makerOfRides(sandbox, megabytes * 1400, true);
		const { body, headers } = make(1, secret)[0]!;
		expect(body.length / megabyte).toBeCloseTo(megabytes, -0.3);
		return async () =>
			(await fetch(url, { method: 'POST', headers, body: Buffer.from(body) })).status;
	};
});

function eventOf(user: object, data: Activity[]) {
	return { type: 'activity', user, data, version: '2022-03-16' };
}
