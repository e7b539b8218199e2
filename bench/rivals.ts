import { randomUUID } from 'node:crypto';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

import type { Credential, N8nClient } from '../playground/n8n';

export type RivalName =
	'trigger' | 'trigger without memory' | 'bare' | 'bare with a credential' | 'recipe';

/** A published workflow that takes deliveries. */
export interface Rival {
	name: RivalName;
	workflowId: string;
	/** After the address of n8n. */
	path: string;
}

interface Setting {
	credential: Credential;
	/** A header that every delivery has, for n8n's Header Auth. */
	headerAuth: Credential;
	signingSecret: string;
}

interface Parts {
	nodes: INode[];
	path: (webhookId: string) => string;
}

const makers: Record<RivalName, (setting: Setting, webhookId: string) => Parts> = {
	/** What this package offers. */
	trigger: (setting, webhookId) => terraTrigger(setting, webhookId, {}),
	'trigger without memory': (setting, webhookId) =>
		terraTrigger(setting, webhookId, { options: { dropRepeated: false } }),
	/** n8n's own Webhook node: it verifies nothing and hands on what came. */
	bare: (_setting, webhookId) => ({
		nodes: [webhook(webhookId, {})],
		path: (id) => id,
	}),
	/** The same with Header Auth: what a credential costs in n8n, whatever it is used for. */
	'bare with a credential': ({ headerAuth: { id, name } }, webhookId) => ({
		nodes: [
			{
				...webhook(webhookId, {}, { authentication: 'headerAuth' }),
				credentials: { httpHeaderAuth: { id, name } },
			},
		],
		path: (used) => used,
	}),
	/** What a user builds from core nodes to verify a delivery and get one item per ride. */
	recipe: ({ signingSecret }, webhookId) => ({
		nodes: [
			webhook(webhookId, { rawBody: true }),
			node('Read Signature', 'n8n-nodes-base.code', 2, { jsCode: readSignature }),
			node('Sign', 'n8n-nodes-base.crypto', 1, {
				action: 'hmac',
				type: 'SHA256',
				value: '={{ $json.signed }}',
				dataPropertyName: 'computed',
				secret: signingSecret,
				encoding: 'hex',
			}),
			node('Is Genuine', 'n8n-nodes-base.if', 2.2, {
				conditions: {
					options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
					conditions: [
						{
							id: randomUUID(),
							leftValue: '={{ $json.computed }}',
							rightValue: '={{ $json.v1 }}',
							operator: { type: 'string', operation: 'equals' },
						},
					],
					combinator: 'and',
				},
				options: {},
			}),
			node('Split Rides', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'data', options: {} }),
		],
		path: (id) => id,
	}),
};

const readSignature = `const [item] = $input.all();
const parts = Object.fromEntries(
	item.json.headers['x-terra-signature'].split(',').map((part) => part.split('=')),
);
const raw = await this.helpers.getBinaryDataBuffer(0, 'data');
return [{ json: { ...item.json.body, signed: parts.t + '.' + raw.toString('utf8'), v1: parts.v1 } }];`;

export async function publishRival(
	client: N8nClient,
	name: RivalName,
	setting: Setting,
): Promise<Rival> {
	const webhookId = randomUUID();
	const { nodes, path } = makers[name](setting, webhookId);
	const workflow = await client.createWorkflow({
		name: `Bench: ${name}`,
		nodes: nodes.map((one, index) => ({ ...one, position: [index * 200, 0] })),
		connections: chain(nodes),
	});
	await client.publish(workflow.id);
	return { name, workflowId: workflow.id, path: `/webhook/${path(webhookId)}` };
}

function terraTrigger(
	{ credential: { id, name } }: Setting,
	webhookId: string,
	parameters: INodeParameters,
): Parts {
	return {
		nodes: [
			{
				...node('Terra Trigger', 'n8n-nodes-terra.terraTrigger', 1.1, parameters),
				webhookId,
				credentials: { terraApi: { id, name } },
			},
		],
		path: (used) => `${used}/webhook`,
	};
}

function webhook(webhookId: string, options: INodeParameters, more: INodeParameters = {}): INode {
	return {
		...node('Webhook', 'n8n-nodes-base.webhook', 2.1, {
			httpMethod: 'POST',
			path: webhookId,
			options,
			...more,
		}),
		webhookId,
	};
}

function node(name: string, type: string, typeVersion: number, parameters: INodeParameters): INode {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters };
}

function chain(nodes: INode[]): IConnections {
	const connections: IConnections = {};
	for (const [index, { name }] of nodes.slice(0, -1).entries()) {
		connections[name] = { main: [[{ node: nodes[index + 1]!.name, type: 'main', index: 0 }]] };
	}
	return connections;
}
