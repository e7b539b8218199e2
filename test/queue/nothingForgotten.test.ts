import type { INode } from 'n8n-workflow';

import { freePort, host, N8nClient, packNodes, waitFor } from '../../playground/n8n';
import { openPostgres, type StoredExecution } from '../../playground/n8n/database';
import type { Member } from '../../playground/n8n/member';
import { resultOf } from '../../playground/n8n/result';
import { startQueueMode, type QueueMode } from '../../playground/n8n/queueMode';
import { startServices, type Services } from '../../playground/n8n/services';
import { startSandbox, type Sandbox } from '../../sandbox';
import { caddyExpected, startCaddy } from '../support/caddy';
import {
	createAdminCredential,
	createTerraCredential,
	noSecret,
} from '../../playground/credential';
import { destinationsOf } from '../support/destinations';
import { keyOf } from '../support/keyOf';
import { quiet } from '../support/quiet';
import { nodeBase, triggerName, triggerNode } from '../support/triggerNode';
import { describeQueueMode } from './describe';

jest.setTimeout(900_000);

const ROUNDS = 10;
const RIDES_A_ROUND = 50;
const EXECUTIONS_OF_A_WORKER = 10;
const DELIVERIES_OF_AN_EXECUTION = 50;

/** With the proxy of docs/queue-mode: otherwise a starting process would answer 200 and lose the ride. */
const describeBehindCaddy = caddyExpected ? describeQueueMode : describe.skip;

describeBehindCaddy('a trigger that registers itself, in queue mode', () => {
	const undo: Array<() => Promise<unknown>> = [];
	let services: Services;
	let n8n: QueueMode;
	let client: N8nClient;
	let sandbox: Sandbox;

	beforeAll(async () => {
		services = await startServices();
		undo.push(services.close);
		sandbox = await startSandbox({ timeScale: 60 });
		undo.push(sandbox.close);
		const publicUrl = `http://${host}:${await freePort()}`;
		n8n = await startQueueMode({
			services,
			tarball: await packNodes(),
			webhooks: 2,
			workers: 2,
			// As recommended in docs/scaling.md: with two connections n8n fails executions for lack of one.
			env: { N8N_WEBHOOK_URL: `${publicUrl}/`, DB_POSTGRESDB_POOL_SIZE: '4' },
		});
		undo.push(n8n.close);
		const webhooks = n8n.webhooks.map(({ url }) => url);
		undo.push((await startCaddy(n8n.main.url, webhooks, publicUrl)).close);
		client = await N8nClient.signIn(n8n.main.url);
	});
	afterAll(async () => {
		for (const step of undo.reverse()) await step();
	});

	it('loses none of 500 rides over ten publications and a kill of each process', async () => {
		const workflowId = await publishWorkflow();
		const kills: Array<Member | undefined> = [
			...[undefined, n8n.webhooks[0], undefined, n8n.workers[0], undefined, n8n.main],
			...[undefined, n8n.webhooks[1], undefined, n8n.workers[1]],
		];
		const sent: string[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const rides = Promise.all(
				Array.from({ length: RIDES_A_ROUND }, () => sandbox.finishRide({ durationSeconds: 600 })),
			);
			await accepted(round * RIDES_A_ROUND + 10);
			await kills[round]?.kill();
			await republish(workflowId, round);
			const user = sandbox.users[0]!;
			sent.push(...(await rides).map(({ activity }) => keyOf(user, activity.metadata.summary_id)));
			await sandbox.settled();
		}
		expect(n8n.members.map(({ restarts }) => restarts)).toEqual([1, 1, 1, 1, 1]);

		// At Terra each ride has its 200, none was refused for its signature, and one destination is left. While n8n
		// replaces one version with another it answers 404, and Terra repeats the delivery.
		// one version in the place of another it answers 404, and Terra repeats the delivery.
		const attempts = sandbox.ledger.flatMap((delivery) => delivery.attempts);
		expect(attempts.filter(({ status }) => status === 401)).toEqual([]);
		expect(sandbox.ledger.filter(({ outcome }) => outcome !== 'accepted')).toEqual([]);
		expect(await destinationsOf(sandbox)).toMatchObject([{ active: true }]);

		// In n8n each ride ran once, or twice if copies arrived simultaneously or an execution was run again. An
		// execution of a killed process may stay unfinished; n8n still has it, and catching up finds it hours later.
		// process was working on may stay unfinished; n8n has it, and catching up finds it hours later.
		await finished(workflowId);
		let executions = await executionsOf(workflowId);
		const unfinished = executions.filter(({ status }) => status !== 'success');
		const emitted = keysOf(executions, triggerName);
		const held = unfinished.flatMap(({ data }) => data.match(/rider-1:XERT:[\w-]+/g) ?? []);
		process.stdout.write(
			`${sent.length} rides, emitted ${emitted.length} times in ${executions.length} executions, ${unfinished.length} of them unfinished\n`,
		);
		// If n8n cannot read the credential for an execution, it stores it as failed, without the data of its deliveries.
		const blank = unfinished.filter(({ data }) => !data.includes('rider-1:XERT:'));
		const known = new Set([...emitted, ...held]);
		const missing = sent.filter((key) => !known.has(key));
		process.stdout.write(
			`${missing.length} in none of them; unfinished: ${JSON.stringify(unfinished.map(({ status, data }) => [status, data.length]))}\n`,
		);
		expect(missing.slice(DELIVERIES_OF_AN_EXECUTION * blank.length)).toEqual([]);
		expect(emitted.length).toBeLessThanOrEqual(sent.length * 1.05);
		expect(unfinished.length).toBeLessThanOrEqual(2 * EXECUTIONS_OF_A_WORKER);

		// "Since the last run" has returned each ride as well, once it has run after the last of them.
		const returned = () => new Set(keysOf(executions, 'Get Rides'));
		for (let more = 0; more < 20 && !sent.every((key) => returned().has(key)); more++) {
			await nextRide(workflowId);
			executions = await executionsOf(workflowId);
		}
		expect([...returned()]).toEqual(expect.arrayContaining(sent));
	});

	/** Terra Trigger → a Code node that writes static data → Get Many since the last run. */
	async function publishWorkflow(): Promise<string> {
		const api = await createTerraCredential(client, sandbox, noSecret);
		const admin = await createAdminCredential(client, sandbox);
		const trigger = triggerNode(api, { registration: 'automatic' }, admin).node;
		const code: INode = {
			...nodeBase('Code', 'n8n-nodes-base.code', 2),
			parameters: {
				// Each "since the last run" asks for 25 days or more, and Terra allows 6,000 an hour for one athlete.
				jsCode:
					"$getWorkflowStaticData('global').runs = Date.now();\nreturn $execution.id % 10 ? [] : $input.all();",
			},
		};
		const history: INode = {
			...nodeBase('Get Rides', 'n8n-nodes-terra.terra', 1),
			parameters: {
				user: { __rl: true, mode: 'id', value: sandbox.users[0]!.user_id },
				period: 'sinceLastRun',
				columns: 'essential',
			},
			executeOnce: true,
			credentials: { terraApi: { id: api.id, name: api.name } },
		};
		const to = (node: INode) => ({
			main: [[{ node: node.name, type: 'main' as const, index: 0 }]],
		});
		const { id } = await client.createWorkflow({
			name: 'New Rides',
			nodes: [trigger, code, history],
			connections: { [trigger.name]: to(code), [code.name]: to(history) },
		});
		await client.publish(id);
		return id;
	}

	/** Publishes a new version once main answers, since it may just have been killed. */
	async function republish(workflowId: string, round: number): Promise<void> {
		await waitFor('main', async () => (await n8n.main.isReady()) || undefined, { seconds: 60 });
		const { nodes, ...rest } = await client.workflow(workflowId);
		const emit = round % 2 === 0 ? 'new' : 'all';
		const changed = nodes.map((node) =>
			node.name === triggerName ? { ...node, parameters: { ...node.parameters, emit } } : node,
		);
		await client.updateWorkflow(workflowId, { ...rest, nodes: changed });
		await client.publish(workflowId);
	}

	async function accepted(count: number): Promise<void> {
		const soFar = () => sandbox.ledger.filter(({ outcome }) => outcome === 'accepted').length;
		await waitFor(`${count} accepted rides`, async () => soFar() >= count || undefined, {
			seconds: 120,
		});
	}

	async function finished(workflowId: string): Promise<void> {
		const progress = await quiet(async () => openPostgres(services.postgres), workflowId);
		process.stdout.write(`${JSON.stringify(progress)}\n`);
	}

	/** Finishes another ride, and waits for the end of its execution. */
	async function nextRide(workflowId: string): Promise<void> {
		const database = openPostgres(services.postgres);
		const before = await database.progress(workflowId);
		await sandbox.finishRide({ durationSeconds: 600 });
		await waitFor(
			'end of one more execution',
			async () => {
				const now = await database.progress(workflowId);
				return now.started > before.started && now.finished > before.finished ? true : undefined;
			},
			{ seconds: 120 },
		).finally(database.close);
	}

	async function executionsOf(workflowId: string): Promise<StoredExecution[]> {
		const database = openPostgres(services.postgres);
		const executions = await database.executions(workflowId);
		await database.close();
		return executions;
	}
});

/** The keys of the rides that a node output in all executions. */
const keysOf = (executions: StoredExecution[], node: string): string[] =>
	executions
		.flatMap(({ data }) => resultOf(data).itemsOf(node))
		.map(({ json }) => String(json.activity_key));
