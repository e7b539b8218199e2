import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { IConnections, INode } from 'n8n-workflow';

import type { Credential } from '../../playground/n8n';
import { waitFor } from '../../playground/n8n';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Measured } from '../budgets';
import { memoryOf, recommended, withN8n } from '../n8n';
import type { Setting } from '../part';
import { median } from '../statistics';
import { chain, node, to } from '../workflow';

interface Workflow {
	nodes: INode[];
	connections: IConnections;
}

interface Run {
	seconds: number;
	/** n8n's peak memory, minus its memory when idle. */
	megabytes: number;
}

const latencyMs = 50;

/** One athlete who rides every day, fetched by the Terra node and by a loop of core nodes. */
export async function measureHistory(setting: Setting): Promise<Measured> {
	const days = setting.quick ? 60 : 1825;
	const sandbox = await startSandbox({
		latencyMs,
		users: [{ provider: 'XERT', historyDays: days, ridesPerWeek: 7 }],
	});
	// Later rounds must not run into the hourly rate limit.
	sandbox.settings.daysPerHour = 1_000_000;
	const range = { from: daysAgo(days), to: daysAgo(1) };
	const ways: Record<'terra' | 'core', (credential: Credential) => Workflow> = {
		terra: (credential) => terraNode(credential, range),
		core: () => coreNodes(sandbox, range),
	};
	const expected = ridesOf(sandbox, range);
	const ratios: Run[] = [];
	try {
		for (let round = 0; round < (setting.quick ? 1 : 5); round++) {
			const runs = { terra: none, core: none };
			for (const way of round % 2 === 0
				? (['terra', 'core'] as const)
				: (['core', 'terra'] as const)) {
				runs[way] = await runOnce({ ...setting, sandbox }, ways[way], expected);
				const { seconds, megabytes } = runs[way];
				console.log(`  ${way}: ${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB`);
			}
			ratios.push({
				seconds: runs.terra.seconds / runs.core.seconds,
				megabytes: runs.terra.megabytes / runs.core.megabytes,
			});
		}
	} finally {
		await sandbox.close();
	}
	return {
		historyTime: median(ratios.map(({ seconds }) => seconds)),
		historyMemory: median(ratios.map(({ megabytes }) => megabytes)),
	};
}

const none: Run = { seconds: NaN, megabytes: NaN };

/** Runs a workflow once in a new n8n, so that no earlier run has grown its memory. */
async function runOnce(
	setting: Setting,
	workflowFor: (credential: Credential) => Workflow,
	expected: Set<string>,
): Promise<Run> {
	const collectGarbage = require.resolve('../../playground/n8n/collectGarbage.js');
	const env = { ...recommended, NODE_OPTIONS: `--require "${collectGarbage}"` };
	return await withN8n(setting, env, async ({ n8n, client, credential }) => {
		const path = randomUUID();
		const { nodes, connections } = workflowFor(credential);
		const start = node('Start', 'n8n-nodes-base.webhook', 2, {
			path,
			responseMode: 'lastNode',
			options: {},
		});
		start.webhookId = path;
		const { id } = await client.createWorkflow({
			name: 'History',
			nodes: [start, ...nodes],
			connections: { ...connections, Start: { main: [[to(nodes[0]!)]] } },
		});
		await client.publish(id);

		process.kill(n8n.pid, 'SIGUSR2');
		await setTimeout(2000);
		// Resets the kernel's record of peak memory.
		await writeFile(`/proc/${n8n.pid}/clear_refs`, '5');
		const idle = await memoryOf(n8n.pid, 'VmRSS');
		const began = performance.now();
		const answer = await fetch(`${n8n.url}/webhook/${path}`, {
			signal: AbortSignal.timeout(150_000),
		});
		const { rides } = (await answer.json()) as { rides: string[] };
		await waitFor(
			'end of the execution',
			async () =>
				(await client.executions(id)).every(({ status }) => status === 'success') || undefined,
			{ seconds: 120, everyMs: 20 },
		);
		const seconds = (performance.now() - began) / 1000;
		// A key is the athlete's ID, then the ride's own ID.
		const got = rides.map((key) => key.slice(key.lastIndexOf(':') + 1));
		const wrong = got.length !== expected.size || got.some((ride) => !expected.has(ride));
		if (wrong)
			throw new Error(`Got ${got.length} rides, which are not the ${expected.size} expected ones`);
		// A quick run may never exceed what n8n had when idle.
		return { seconds, megabytes: Math.max(1, (await memoryOf(n8n.pid, 'VmHWM')) - idle) };
	});
}

interface Range {
	from: string;
	to: string;
}

function terraNode({ id, name }: Credential, { from, to: until }: Range): Workflow {
	const terra = node('Get Rides', 'n8n-nodes-terra.terra', 1, {
		athletes: 'everyone',
		providers: { __rl: true, mode: 'list', value: 'XERT' },
		period: 'custom',
		from,
		to: until,
		returnAll: true,
		options: {},
	});
	terra.credentials = { terraApi: { id, name } };
	const nodes = [terra, collect('activity_key')];
	return { nodes, connections: chain(nodes) };
}

/** A Code node makes the windows, a loop requests them, further nodes split out the rides and remove duplicates. */
function coreNodes(sandbox: Sandbox, { from, to: until }: Range): Workflow {
	const windows = node('Windows', 'n8n-nodes-base.code', 2, {
		jsCode: `const DAY = 86400000;
const day = (time) => new Date(time).toISOString().slice(0, 10);
const end = Date.parse('${until}') + DAY;
const windows = [];
for (let start = Date.parse('${from}'); start < end; start += 28 * DAY) {
	windows.push({ json: { start: day(start), end: day(Math.min(start + 28 * DAY, end)) } });
}
return windows;`,
	});
	const loop = node('Loop', 'n8n-nodes-base.splitInBatches', 3, { options: {} });
	const query = {
		user_id: sandbox.users[0]!.user_id,
		start_date: '={{ $json.start }}',
		end_date: '={{ $json.end }}',
		to_webhook: 'false',
	};
	const headers = { 'dev-id': sandbox.devId, 'x-api-key': sandbox.apiKey };
	const request = node('Request', 'n8n-nodes-base.httpRequest', 4.2, {
		url: `${sandbox.apiBase}/activity`,
		sendQuery: true,
		queryParameters: { parameters: pairs(query) },
		sendHeaders: true,
		headerParameters: { parameters: pairs(headers) },
		options: {},
	});
	const split = node('Rides', 'n8n-nodes-base.splitOut', 1, {
		fieldToSplitOut: 'data',
		options: {},
	});
	const unique = node('Unique Rides', 'n8n-nodes-base.removeDuplicates', 2, {
		operation: 'removeDuplicateInputItems',
		compare: 'selectedFields',
		fieldsToCompare: 'metadata.summary_id',
		options: {},
	});
	const after = [split, unique, collect('metadata.summary_id')];
	return {
		nodes: [windows, loop, request, ...after],
		connections: {
			...chain([windows, loop]),
			...chain(after),
			[loop.name]: { main: [[to(split)], [to(request)]] },
			[request.name]: { main: [[to(loop)]] },
		},
	};
}

const pairs = (values: Record<string, string>) =>
	Object.entries(values).map(([name, value]) => ({ name, value }));

/** Aggregates the IDs of all rides into one item, which the workflow returns. */
function collect(key: string): INode {
	return node('Ids', 'n8n-nodes-base.aggregate', 1, {
		fieldsToAggregate: {
			fieldToAggregate: [{ fieldToAggregate: key, renameField: true, outputFieldName: 'rides' }],
		},
		options: {},
	});
}

/** Summary IDs of the rides that the sandbox has in the range. */
function ridesOf(sandbox: Sandbox, { from, to: until }: Range): Set<string> {
	const dayOf = ({ start_time }: { start_time: string }) => start_time.slice(0, 10);
	return new Set(
		sandbox
			.activitiesOf(sandbox.users[0]!.user_id)
			.map(({ metadata }) => metadata)
			.filter((metadata) => dayOf(metadata) >= from && dayOf(metadata) <= until)
			.map(({ summary_id }) => summary_id),
	);
}

function daysAgo(days: number): string {
	return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}
