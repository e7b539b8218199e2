import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { finished, timesStored } from '../../bench/compare';
import { makerOf } from '../../bench/deliveries';
import { send } from '../../bench/load';
import { N8nClient, packNodes, runtimeFolder, waitFor } from '../../playground/n8n';
import { openSqlite } from '../../playground/n8n/database';
import { Member } from '../../playground/n8n/member';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { createTerraCredential } from '../../playground/credential';
import { triggerNode } from '../support/triggerNode';
import { Ledger } from './ledger';

jest.setTimeout(400_000);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One n8n with SQLite, and a Terra that sends forty deliveries in parallel. */
async function startWorld(env: Record<string, string> = {}) {
	const folder = await mkdtemp(join(runtimeFolder, 'bursts-'));
	const sandbox = await startSandbox({ timeScale: 60, deliveryConcurrency: 40 });
	const n8n = await Member.start({ userFolder: folder, tarball: await packNodes(), env });
	const client = await N8nClient.signIn(n8n.url);
	return {
		folder,
		sandbox,
		n8n,
		client,
		close: async () => {
			await n8n.stop();
			await sandbox.close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

type World = Awaited<ReturnType<typeof startWorld>>;

const ledgerOf = async ({ sandbox, client, folder, n8n }: World) =>
	await Ledger.open(sandbox, client, () => openSqlite(folder), n8n.url);

describe('rides that share executions', () => {
	let world: World;
	let ledger: Ledger;
	let accepted = 0;
	beforeAll(async () => {
		world = await startWorld();
		ledger = await ledgerOf(world);
	});
	afterAll(async () => await world?.close());

	/** Makes n8n unable to store an execution whose data contains the text; returns how to undo it. */
	const refuse = async (text: string) => {
		const database = await openSqlite(world.folder, true);
		await database.run(
			`CREATE TRIGGER refuse BEFORE INSERT ON execution_data WHEN NEW.data LIKE '%${text}%'
				BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`,
		);
		return async () => {
			await database.run('DROP TRIGGER refuse');
			await database.close();
		};
	};
	const account = async (name: string, sent: number) => {
		accepted += sent;
		const counted = await ledger.account(name);
		expect(counted).toMatchObject({ sent, accepted: sent, lost: 0, unheard: 0, unfinished: 0 });
		return counted;
	};

	it('all arrive although the database refuses every execution for a while', async () => {
		const sending = ledger.send(300);
		await ledger.accepted(100);
		const undo = await refuse('');
		await waitFor('refused deliveries', async () => refusals(world.sandbox) > 60 || undefined);
		await undo();
		await sending;
		const { twice } = await account('SQLite, executions refused in a burst', 300);
		expect(twice).toBe(0);
	});

	it('are all accepted but the one that cannot be stored, which arrives once it can', async () => {
		const undo = await refuse(`ledger-${accepted + 50}"`);
		const sending = ledger.send(200);
		await ledger.accepted(accepted + 199);
		await undo();
		await sending;
		const { twice } = await account('SQLite, one ride that cannot be stored', 200);
		expect(twice).toBe(0);
	});
});

it('no ride is lost if n8n dies after storing rides and before answering', async () => {
	const world = await startWorld({
		NODE_OPTIONS: `--require "${require.resolve('./holdAnswers.js')}"`,
	});
	try {
		const ledger = await ledgerOf(world);
		const database = await openSqlite(world.folder);
		const sending = ledger.send(120);
		// Answers are held back for half a second.
		await waitFor('stored executions', async () => (await started()) >= 2 || undefined, {
			everyMs: 5,
		});
		expect(ledger.acceptedSoFar()).toBe(0);
		await world.n8n.kill();
		await sending;
		async function started() {
			return (await database.progress(ledger.workflowId)).started;
		}
		await database.close();
		const account = await ledger.account('SQLite, killed between store and answer');
		expect(account).toMatchObject({ sent: 120, accepted: 120, lost: 0 });
	} finally {
		await world.close();
	}
});

it('each ride arrives once although senders hang up while it waits', async () => {
	const world = await startWorld();
	try {
		const { workflowId, url } = await publishTrigger(world);
		const make = await makerOf(world.sandbox, 'small');
		const deliveries = make(200, world.sandbox.signingSecret);
		const hangingUp = deliveries.map(async ({ headers, body }, index) => {
			const signal = AbortSignal.timeout(5 + index);
			const request = { method: 'POST', headers, body: Buffer.from(body), signal };
			return await fetch(url, request).catch(() => undefined);
		});
		const heard = (await Promise.all(hangingUp)).filter((answer) => answer?.ok);
		process.stdout.write(`${heard.length} of ${deliveries.length} senders heard an answer\n`);
		expect(heard.length).toBeLessThan(deliveries.length);

		// Terra repeats deliveries without an answer.
		const { statuses } = await send(deliveries, [url], 10);
		expect(statuses).toEqual({ 200: 200 });
		const database = await openSqlite(world.folder);
		await finished(database, workflowId);
		const times = await timesStored(database, workflowId, 0, deliveries);
		await database.close();
		expect(deliveries.filter(({ id }) => times.get(id) !== 1)).toEqual([]);
	} finally {
		await world.close();
	}
});

it("rides continue although the execution that they wait for is removed from n8n's queue", async () => {
	const world = await startWorld({ N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
	try {
		const { client, sandbox } = world;
		const { workflowId, url } = await publishTrigger(world, slowNode(12));
		sandbox.setDestination(url);
		const ride = () => sandbox.finishRide({ durationSeconds: 600 });
		// The first runs for a while, the second waits in n8n's queue, and more wait for the second.
		await ride();
		void ride();
		await pause(500);
		const sending = Array.from({ length: 10 }, async () => (await ride()).delivery!);
		const queued = await waitFor('an execution in the queue', async () =>
			(await client.executions(workflowId)).find(({ status }) => status === 'new'),
		);
		await client.stopExecution(queued.id);

		const deliveries = await Promise.all(sending);
		await waitFor(
			'accepted deliveries',
			async () => deliveries.every(({ outcome }) => outcome === 'accepted') || undefined,
			{ seconds: 120 },
		);
		// Only the delivery that starts the execution has no answer while n8n keeps it waiting.
		const attempts = deliveries.flatMap((one) => one.attempts);
		expect(attempts.filter(({ error }) => error !== undefined).length).toBeLessThanOrEqual(1);
		const database = await openSqlite(world.folder);
		await finished(database, workflowId).finally(database.close);
	} finally {
		await world.close();
	}
});

async function publishTrigger(
	{ client, sandbox, n8n }: World,
	...behind: Array<ReturnType<typeof slowNode>>
) {
	const credential = await createTerraCredential(client, sandbox);
	const { node, path } = triggerNode(credential, { catchUp: 'off' });
	const { id } = await client.createWorkflow({
		name: 'Target',
		nodes: [node, ...behind],
		connections: behind[0]
			? { [node.name]: { main: [[{ node: behind[0].name, type: 'main', index: 0 }]] } }
			: {},
	});
	await client.publish(id);
	return { workflowId: id, url: `${n8n.url}/webhook/${path}` };
}

/** A node that keeps its execution running for so many seconds. */
const slowNode = (seconds: number) => ({
	id: 'wait',
	name: 'Wait',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	position: [200, 0] as [number, number],
	parameters: { amount: seconds },
	webhookId: 'wait',
});

const refusals = (sandbox: Sandbox) =>
	sandbox.ledger.flatMap(({ attempts }) => attempts).filter(({ status }) => status !== 200).length;
