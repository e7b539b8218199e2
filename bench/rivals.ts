import { randomUUID } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';

import type { Credential, N8nClient } from '../playground/n8n';
import { chain, node } from './workflow';

/** The Terra Trigger, n8n's bare Webhook node, a recipe of core nodes, and a trigger that refuses everything. */
export type RivalName = 'trigger' | 'bare' | 'recipe' | 'empty';

/** A published workflow that receives deliveries. */
export interface Rival {
	name: RivalName;
	workflowId: string;
	/** One for each process that receives webhooks. */
	urls: string[];
}

type Maker = (webhookId: string, credential: Credential, signingSecret: string) => INode[];

const makers: Record<RivalName, Maker> = {
	// Catching up would disturb the measurement.
	trigger: (webhookId, credential) => [terraTrigger(webhookId, credential, { catchUp: 'off' })],
	empty: (webhookId) => [{ ...node('Empty Trigger', 'CUSTOM.emptyTrigger', 1.1, {}), webhookId }],
	bare: (webhookId) => [webhook(webhookId, {})],
	recipe: (webhookId, _credential, secret) => [
		webhook(webhookId, { rawBody: true }),
		node('Read Signature', 'n8n-nodes-base.code', 2, { jsCode: readSignature }),
		node('Sign', 'n8n-nodes-base.crypto', 1, {
			action: 'hmac',
			type: 'SHA256',
			value: '={{ $json.signed }}',
			dataPropertyName: 'computed',
			secret,
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
};

const readSignature = `const [item] = $input.all();
const parts = Object.fromEntries(
	item.json.headers['x-terra-signature'].split(',').map((part) => part.split('=')),
);
const raw = await this.helpers.getBinaryDataBuffer(0, 'data');
return [{ json: { ...item.json.body, signed: parts.t + '.' + raw.toString('utf8'), v1: parts.v1 } }];`;

export async function publishRival(
	name: RivalName,
	{ client, credential, urls }: { client: N8nClient; credential: Credential; urls: string[] },
	signingSecret: string,
): Promise<Rival> {
	const webhookId = randomUUID();
	const nodes = makers[name](webhookId, credential, signingSecret);
	const { id } = await client.createWorkflow({ name, nodes, connections: chain(nodes) });
	await client.publish(id);
	const path = nodes[0]!.name === 'Webhook' ? webhookId : `${webhookId}/webhook`;
	return { name, workflowId: id, urls: urls.map((url) => `${url}/webhook/${path}`) };
}

function terraTrigger(webhookId: string, { id, name }: Credential, parameters: INodeParameters) {
	return {
		...node('Terra Trigger', 'n8n-nodes-terra.terraTrigger', 1.1, parameters),
		webhookId,
		credentials: { terraApi: { id, name } },
	};
}

function webhook(webhookId: string, options: INodeParameters) {
	return {
		...node('Webhook', 'n8n-nodes-base.webhook', 2.1, {
			httpMethod: 'POST',
			path: webhookId,
			options,
		}),
		webhookId,
	};
}
