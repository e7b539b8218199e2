import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';

import type { Credential } from '../../playground/n8n';

export const triggerName = 'Terra Trigger';

/** What every node on the canvas has. */
export const nodeBase = (name: string, type: string, typeVersion: number) => ({
	id: randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0] as [number, number],
});

/** A Terra Trigger on the canvas; `path` is where it receives, after the address of n8n and `/webhook/`. */
export function triggerNode(
	{ id, name }: Credential,
	parameters: INode['parameters'] = {},
	admin?: Credential,
) {
	const webhookId = randomUUID();
	const node: INode = {
		...nodeBase(triggerName, 'n8n-nodes-terra.terraTrigger', 1.1),
		webhookId,
		parameters,
		credentials: {
			terraApi: { id, name },
			...(admin && { terraAdminApi: { id: admin.id, name: admin.name } }),
		},
	};
	return { node, path: `${webhookId}/webhook` };
}
