import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';

import type { Credential } from '../../playground/n8n';

export const triggerName = 'Terra Trigger';

/** The properties that every node needs. */
export const nodeBase = (name: string, type: string, typeVersion: number) => ({
	id: randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0] as [number, number],
});

/** A Terra Trigger node; `path` is its webhook path after n8n's address and `/webhook/`. */
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
