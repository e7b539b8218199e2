import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, INodeExecutionData } from 'n8n-workflow';
import { eventFields, outputFields } from '../nodes/Terra/trigger/fields';
import { optionFields } from '../nodes/Terra/trigger/optionFields';
import { eventItem, recordItem } from '../nodes/Terra/trigger/present';
import { readSettings } from '../nodes/Terra/trigger/settings';
import { parseEvent, recordsOf } from '../nodes/Terra/terra/events';
import type { WorkflowDefinition } from '../playground/n8n';
import { sampleEvents } from '../sandbox';
import { makeRide } from '../sandbox/rides/activity';
import { planRide } from '../sandbox/rides/plan';
import { profileFor } from '../sandbox/rides/profile';

export const EXAMPLES = join(__dirname, '../examples');

export const exampleFiles = () => readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));

export const readExample = (file: string) =>
	JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as WorkflowDefinition;

/**
 * Pins sample output to a workflow's Terra Trigger, because n8n shows no columns of a trigger before its first run. The
 * trigger's own code makes it from the trigger's parameters, so it has the same columns as a real delivery.
 */
export function withPinnedEvent(workflow: WorkflowDefinition): WorkflowDefinition {
	const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-terra.terraTrigger');
	if (!trigger) return workflow;
	return { ...workflow, pinData: { [trigger.name]: [pinnedItem(trigger)] } };
}

/** The sample output for the first event that the trigger listens for. */
function pinnedItem({ parameters }: INode): INodeExecutionData {
	const fields = [...eventFields, ...outputFields, ...optionFields];
	const defaults = Object.fromEntries(fields.map((field) => [field.name, field.default]));
	const settings = readSettings({ ...defaults, ...parameters }, 'UTC');
	const [type] = settings.filters.events;
	const event = parseEvent(type === 'activity' ? rideEvent() : sampleEvents()[type as 'auth'])!;
	const delivery = {
		trace_id: '7c1d6f0e-3a52-4f7e-9b64-2f0c8d5e1a93',
		terra_reference: null,
		ordering_timestamp: Date.UTC(2026, 10, 21, 12),
	};
	const [record] = recordsOf(event) ?? [];
	const { json } = record
		? // Without its file, because n8n cannot pin files.
			recordItem(event, record, 'new', delivery, 'webhook', { ...settings, attachFile: undefined })
		: eventItem(event, delivery, settings);
	return { json };
}

function rideEvent() {
	const { user, ...event } = sampleEvents().activity;
	const plan = planRide({
		seed: 1,
		userId: user.user_id,
		provider: user.provider,
		key: 'example',
		startMs: Date.UTC(2026, 10, 21, 8, 14),
		durationSeconds: 4_320,
		indoor: false,
	});
	const named = { ...plan, summaryId: 'example-ride', name: 'Example ride' };
	return { ...event, user, data: [makeRide(named, profileFor(1, 0), true)] };
}
