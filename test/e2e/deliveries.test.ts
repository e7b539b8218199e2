import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPayloadHost, type PayloadHost } from '../support/payloadHost';
import type { World } from './support';
import { createTriggerWorkflow, rideEvent, startWorld, triggerName } from './support';

jest.setTimeout(300_000);

let world: World;
let storage: PayloadHost;
let folder: string;
beforeAll(async () => {
	storage = await startPayloadHost();
	folder = await mkdtemp(join(tmpdir(), 'terra-e2e-'));
	const certificate = join(folder, 'storage.pem');
	await writeFile(certificate, storage.certificate);
	world = await startWorld({
		HTTPS_PROXY: storage.proxyUrl,
		NODE_EXTRA_CA_CERTS: certificate,
		N8N_LOG_LEVEL: 'debug',
	});
});
afterAll(async () => {
	await world?.close();
	await storage?.close();
	if (folder) await rm(folder, { recursive: true, force: true });
});

/** A published trigger, and a function that delivers to it once. */
async function published(parameters: Parameters<typeof createTriggerWorkflow>[1] = {}) {
	const { workflow, production } = await createTriggerWorkflow(world, parameters);
	await world.client.publish(workflow.id);
	const send = async (event: object, how: object = {}) => {
		const options = { destinationUrl: production, retries: false, ...how };
		const { attempts } = await world.sandbox.send(event, options);
		return `${attempts[0]!.status} ${attempts[0]!.responseBody}`;
	};
	const executions = async (count: number) =>
		await world.client.finishedExecutions(workflow.id, count);
	return { workflow, production, send, executions };
}

describe('the trigger in a real n8n', () => {
	it('starts one execution for many simultaneous copies', async () => {
		const { send, executions } = await published();
		const event = await rideEvent(world);
		const answers = await Promise.all(
			Array.from({ length: 12 }, async () => await send(event, { traceId: 'same' })),
		);
		expect(answers.sort()).toEqual([...Array(11).fill('200 repeated'), '200 started']);
		expect(await executions(1)).toHaveLength(1);
	});

	it('starts each of thirty simultaneous rides once, in fewer executions', async () => {
		const { send, executions } = await published();
		const events = await Promise.all(
			Array.from({ length: 30 }, async () => await rideEvent(world)),
		);
		const answers = await Promise.all(events.map(async (event) => await send(event)));
		expect(answers).toEqual(Array(30).fill('200 started'));
		const runs = await executions(1);
		const keys = runs
			.flatMap((run) => run.itemsOf(triggerName))
			.map(({ json }) => json.activity_key);
		expect(keys).toHaveLength(30);
		expect(new Set(keys).size).toBe(30);
		expect(runs.length).toBeLessThan(30);
	});

	it('recognises a repetition after a restart of n8n, and marks updates', async () => {
		const { send, executions } = await published();
		const event = await rideEvent(world);
		expect(await send(event, { traceId: 'before' })).toBe('200 started');
		await world.restartN8n();
		expect(await send(event, { traceId: 'before' })).toBe('200 repeated');
		expect(await send(event, { traceId: 'after' })).toBe('200 started');
		const states = (await executions(2)).map((run) => run.itemsOf(triggerName)[0]!.json.status);
		expect(states).toEqual(['new', 'updated']);
	});

	it('neither loses nor duplicates a delivery if n8n dies after receiving half of it', async () => {
		const { workflow, production, send, executions } = await published();
		const event = await rideEvent(world);
		const proxy = await cuttingProxy(production, async () => await world.crashN8n());

		// The first attempt is cut in mid-body because n8n dies; Terra then sends the same delivery again.
		const [first] = (
			await world.sandbox.send(event, {
				destinationUrl: proxy.url,
				traceId: 'half',
				retries: false,
			})
		).attempts;
		expect(first!.status).toBeUndefined();
		await proxy.crashed;
		expect(await world.client.executions(workflow.id)).toEqual([]);
		expect(await send(event, { traceId: 'half' })).toBe('200 started');
		expect(await send(event, { traceId: 'half' })).toBe('200 repeated');
		expect(await executions(1)).toHaveLength(1);
		await proxy.close();
	});
});

describe('ping mode', () => {
	it('fetches the payload without keys and handles the event inside', async () => {
		const { send, executions } = await published();
		storage.answerWith({ body: JSON.stringify(await rideEvent(world)) });
		const ping = { type: 's3_payload', url: storage.url, expires_in: 300, status: 'success' };
		expect(await send(ping)).toBe('200 started');
		expect((await executions(1))[0]!.itemsOf(triggerName)).toHaveLength(1);
		expect(Object.keys(storage.requests.at(-1)!.headers)).not.toEqual(
			expect.arrayContaining([expect.stringMatching(/dev-id|x-api-key|authorization/)]),
		);
	});

	it('answers 503 if the payload cannot be fetched, so that Terra sends it again', async () => {
		const { send } = await published();
		storage.answerWith({ status: 403 });
		const ping = { type: 's3_payload', url: storage.url, expires_in: 300, status: 'success' };
		expect(await send(ping)).toBe("503 not kept: the payload's host answered 403");
	});
});

it("at debug level n8n's log has the answers to Terra, but never a secret", async () => {
	const { send } = await published({ events: ['sleep'] });
	const answer = await send(await rideEvent(world));
	expect(answer).toBe("200 filtered: activity is not in 'Trigger On'");
	await until(async () =>
		world.logs().includes("answered 200: filtered: activity is not in 'Trigger On'"),
	);
	const { apiKey, signingSecret, adminToken } = world.sandbox;
	for (const secret of [apiKey, signingSecret, adminToken, 'X-Amz-Signature=example']) {
		expect(world.logs()).not.toContain(secret);
	}
});

/** Forwards half of the first body, then crashes n8n and closes the connection. */
async function cuttingProxy(target: string, crash: () => Promise<void>) {
	let crashed: Promise<void> = Promise.resolve();
	const server: Server = createServer((incoming, response) => {
		const onward = request(target, { method: 'POST', headers: incoming.headers });
		onward.on('error', () => {});
		incoming.once('data', (chunk: Buffer) => {
			onward.write(chunk.subarray(0, Math.floor(chunk.length / 2)), () => {
				crashed = crash();
				void crashed.finally(() => onward.destroy());
				response.destroy();
			});
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		get crashed() {
			return crashed;
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function until(condition: () => Promise<boolean>) {
	for (let tries = 0; !(await condition()); tries++) {
		if (tries > 100) throw new Error('It did not come about');
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
}
