import { randomUUID } from 'node:crypto';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';
import type { Credential, WorkflowDefinition } from '../../playground/n8n';
import type { Sandbox } from '../../sandbox';
import { rangeOf, type Scenario } from './scenarios';

/** A workflow that its webhook starts, and that answers with the summary IDs of its rides when it is over. */
export interface Contender {
	workflow: WorkflowDefinition;
	path: string;
}

/** The Terra node, which is the whole workflow. */
export function terraNode(
	scenario: Scenario,
	credential: Credential,
	{ simplify = true, requestsAtOnce }: { simplify?: boolean; requestsAtOnce?: number },
): Contender {
	const { from, to } = rangeOf(scenario);
	const terra = node('Get Rides', 'n8n-nodes-terra.terra', 1, {
		athletes: 'everyone',
		provider: { __rl: true, mode: 'list', value: 'XERT' },
		period: 'custom',
		from,
		to,
		returnAll: true,
		simplify,
		options: {
			order: 'oldest',
			withSamples: scenario.withSamples,
			...(requestsAtOnce && { requestsAtOnce }),
		},
	});
	terra.credentials = { terraApi: { id: credential.id, name: credential.name } };
	const key = simplify ? 'activity_key' : 'data.metadata.summary_id';
	return workflowOf(scenario, [terra, collect(key)]);
}

/**
 * What a user builds from core nodes: the windows in a Code node, a loop of requests, the list of each answer split
 * into rides, doubles at the windows' borders removed.
 */
export function coreNodes(scenario: Scenario, sandbox: Sandbox): Contender {
	const { from, to } = rangeOf(scenario);
	const windows = node('Windows', 'n8n-nodes-base.code', 2, {
		jsCode: `const DAY = 86400000;
const day = (time) => new Date(time).toISOString().slice(0, 10);
const end = Date.parse('${to}') + 2 * DAY;
const windows = [];
for (const user of ${JSON.stringify(sandbox.users.map(({ user_id }) => user_id))})
for (let start = Date.parse('${from}') - DAY; start < end; start += ${scenario.daysPerRequest} * DAY) {
	windows.push({ json: { user, start: day(start), end: day(Math.min(start + ${scenario.daysPerRequest} * DAY, end)) } });
}
return windows;`,
	});
	const loop = node('Loop', 'n8n-nodes-base.splitInBatches', 3, { options: {} });
	const request = node('Request', 'n8n-nodes-base.httpRequest', 4.2, {
		url: `${sandbox.apiBase}/activity`,
		sendQuery: true,
		queryParameters: {
			parameters: [
				{ name: 'user_id', value: '={{ $json.user }}' },
				{ name: 'start_date', value: '={{ $json.start }}' },
				{ name: 'end_date', value: '={{ $json.end }}' },
				{ name: 'to_webhook', value: 'false' },
				{ name: 'with_samples', value: String(scenario.withSamples) },
			],
		},
		sendHeaders: true,
		headerParameters: {
			parameters: [
				{ name: 'dev-id', value: sandbox.devId },
				{ name: 'x-api-key', value: sandbox.apiKey },
			],
		},
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

	const contender = workflowOf(scenario, [windows, loop]);
	const { nodes, connections } = contender.workflow;
	const ids = collect('metadata.summary_id');
	nodes.push(request, split, unique, ids);
	connections[loop.name] = { main: [[into(split)], [into(request)]] };
	connections[request.name] = { main: [[into(loop)]] };
	connections[split.name] = { main: [[into(unique)]] };
	connections[unique.name] = { main: [[into(ids)]] };
	return contender;
}

/** One item with the IDs of all rides, which is the answer of the workflow. */
function collect(key: string): INode {
	return node('Ids', 'n8n-nodes-base.aggregate', 1, {
		fieldsToAggregate: {
			fieldToAggregate: [{ fieldToAggregate: key, renameField: true, outputFieldName: 'rides' }],
		},
		options: {},
	});
}

/** A webhook and the nodes after it, one after the other. */
function workflowOf({ name, saveExecution }: Scenario, nodes: INode[]): Contender {
	const path = randomUUID();
	const start = node('Start', 'n8n-nodes-base.webhook', 2, {
		path,
		responseMode: 'lastNode',
		options: {},
	});
	start.webhookId = path;
	const all = [start, ...nodes];
	const connections: IConnections = {};
	all.slice(1).forEach((next, index) => {
		connections[all[index]!.name] = { main: [[into(next)]] };
	});
	const settings = { saveDataSuccessExecution: saveExecution ? 'all' : 'none' };
	return { path, workflow: { name, nodes: all, connections, settings } };
}

function into({ name }: INode) {
	return { node: name, type: 'main' as const, index: 0 };
}

function node(name: string, type: string, typeVersion: number, parameters: INodeParameters): INode {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters };
}
