import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';

import type { Credential } from '../../playground/n8n';

export const triggerName = 'Terra Trigger';

/** A Terra Trigger on the canvas; `path` is where it receives, after the address of n8n and `/webhook/`. */
export function triggerNode(
	{ id, name }: Credential,
	parameters: INode['parameters'] = {},
	admin?: Credential,
) {
	const webhookId = randomUUID();
	const node: INode = {
		id: randomUUID(),
		name: triggerName,
		type: 'n8n-nodes-terra.terraTrigger',
		typeVersion: 1.1,
		position: [0, 0],
		webhookId,
		parameters,
		credentials: {
			terraApi: { id, name },
			...(admin && { terraAdminApi: { id: admin.id, name: admin.name } }),
		},
	};
	return { node, path: `${webhookId}/webhook` };
}
