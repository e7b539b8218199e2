import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { readExample } from '../../docs/pinned';
import type { Credential, Workflow, WorkflowDefinition } from '../../playground/n8n';
import type { World } from './support';

const withWebhooks = /\.(terraTrigger|chatTrigger|form|formTrigger)$/;

/** As n8n's editor imports it: every node that receives webhooks gets an ID of its own. */
export function example(name: string): WorkflowDefinition {
	const workflow = readExample(`${name}.json`);
	for (const node of workflow.nodes) {
		if (withWebhooks.test(node.type)) node.webhookId = randomUUID();
	}
	return workflow;
}

/** The credential that a user would choose for a node. */
const CREDENTIALS: Record<string, string> = {
	'n8n-nodes-terra.terra': 'terraApi',
	'n8n-nodes-terra.terraTool': 'terraApi',
	'n8n-nodes-terra.terraTrigger': 'terraApi',
	'n8n-nodes-base.googleSheets': 'googleApi',
	'n8n-nodes-base.googleDrive': 'googleApi',
	'n8n-nodes-base.discord': 'discordWebhookApi',
	'n8n-nodes-base.mqtt': 'mqtt',
	'n8n-nodes-base.postgres': 'postgres',
	'n8n-nodes-base.slack': 'slackApi',
	'n8n-nodes-base.emailSend': 'smtp',
	'n8n-nodes-base.telegram': 'telegramApi',
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 'openAiApi',
};

const credentialType = ({ type, parameters }: INode) =>
	typeof parameters.genericAuthType === 'string' ? parameters.genericAuthType : CREDENTIALS[type];

/** Imports an example and follows its note: adds credentials, and makes the choices that only a user can make. */
export async function importExample(
	{ client }: World,
	name: string,
	credentials: Readonly<Record<string, Credential>>,
	choices: Readonly<Record<string, INode['parameters']>> = {},
): Promise<Workflow> {
	const definition = example(name);
	for (const node of definition.nodes) {
		const type = credentialType(node);
		const own = type === 'terraApi' ? ['terraApi', 'terraAdminApi'] : [type];
		const chosen = own.flatMap((name) => {
			const credential = name && credentials[name];
			return credential ? [[name, { id: credential.id, name: credential.name }]] : [];
		});
		if (chosen.length > 0) node.credentials = Object.fromEntries(chosen);
		if (type === 'googleApi') node.parameters.authentication = 'serviceAccount';
		Object.assign(node.parameters, choices[node.name]);
	}
	return await client.createWorkflow(definition);
}

/** Publishes the workflow, and makes it Terra's destination. */
export async function publishExample({ client, sandbox, url }: World, { id, nodes }: Workflow) {
	await client.publish(id);
	const trigger = nodes.find(({ type }) => type === 'n8n-nodes-terra.terraTrigger');
	if (trigger) sandbox.setDestination(`${url}/webhook/${trigger.webhookId}/webhook`);
}

/** Finishes a ride of a quarter of an hour, and waits for its delivery. */
export async function finishRide(
	{ sandbox }: World,
	options: Parameters<World['sandbox']['finishRide']>[0] = {},
) {
	const { activity } = await sandbox.finishRide({ durationSeconds: 900, ...options });
	await sandbox.settled();
	return activity.metadata;
}
