import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Credential, DataTableColumn, WorkflowDefinition } from './n8n';
import { projectFolder } from './n8n';

/** The data table that both workflows write to. */
export const ridesTable: { name: string; columns: DataTableColumn[] } = {
	name: 'Rides',
	columns: [
		{ name: 'reference_id', type: 'string' },
		{ name: 'local_date', type: 'string' },
		{ name: 'name', type: 'string' },
		{ name: 'duration', type: 'string' },
		{ name: 'moving_seconds', type: 'number' },
		{ name: 'distance_meters', type: 'number' },
		{ name: 'gain_actual_meters', type: 'number' },
		{ name: 'avg_watts', type: 'number' },
		{ name: 'tss', type: 'number' },
		{ name: 'activity_key', type: 'string' },
	],
};

/** Terra Trigger → Data Table upsert. */
export async function newRidesWorkflow(credential: Credential): Promise<WorkflowDefinition> {
	return withCredential(await example('new-rides-to-table'), credential);
}

/** Manual Trigger and nightly Schedule Trigger → Terra Get Many → the same table. */
export async function historyWorkflow(credential: Credential): Promise<WorkflowDefinition> {
	return withCredential(await example('history-to-table'), credential);
}

/** The path of the production URL of a workflow's Terra Trigger. */
export function webhookPath(workflow: WorkflowDefinition): string {
	const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-terra.terraTrigger');
	if (!trigger?.webhookId) throw new Error(`"${workflow.name}" has no Terra Trigger`);
	return `/webhook/${trigger.webhookId}/webhook`;
}

async function example(name: string): Promise<WorkflowDefinition> {
	const file = join(projectFolder, 'examples', `${name}.json`);
	return JSON.parse(await readFile(file, 'utf8')) as WorkflowDefinition;
}

function withCredential(
	workflow: WorkflowDefinition,
	{ id, name }: Credential,
): WorkflowDefinition {
	for (const node of workflow.nodes) {
		if (node.type.startsWith('n8n-nodes-terra.')) node.credentials = { terraApi: { id, name } };
	}
	// Without pinned data the trigger can listen for the sandbox's rides.
	const { pinData, ...unpinned } = workflow;
	void pinData;
	return unpinned;
}
