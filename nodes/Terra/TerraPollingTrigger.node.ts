import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { builderHint, searchProviders, testTerraApi } from './n8n';
import { filterFields, pollingFields, pollingOutputFields } from './trigger/fields';
import { executePolling, startPolling } from './trigger/polling';

export class TerraPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Terra Polling Trigger',
		name: 'terraPollingTrigger',
		icon: { light: 'file:../../icons/terra.svg', dark: 'file:../../icons/terra.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description:
			'Starts the workflow when Terra has a new ride or other data from Xert, or any other provider: for an n8n without a public address',
		defaults: { name: 'Terra Polling Trigger' },
		builderHint: builderHint(
			'Starts a workflow for each new or changed ride of connected athletes, by asking Terra every few minutes, without a public address. Items are flat rows: write them with a match on activity_key, so that a changed ride updates its row.',
			[
				{
					nodeType: 'n8n-nodes-terra.terraTrigger',
					relationHint: 'At once instead of every few minutes, if Terra can reach this n8n',
				},
				{
					nodeType: 'n8n-nodes-terra.terra',
					relationHint: 'Gets history, weekly totals, files and links for athletes to connect',
				},
				{
					nodeType: 'n8n-nodes-base.googleSheets',
					relationHint: 'Append or update rows of rides, matching on activity_key',
				},
			],
		),
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'terraApi', required: true, testedBy: 'testTerraApi' }],
		properties: [
			{
				displayName:
					'For an n8n that Terra cannot reach from the internet. If it can, use the Terra Trigger: rides then come at once.',
				name: 'pollingNotice',
				type: 'notice',
				default: '',
			},
			...pollingFields,
			...filterFields,
			...pollingOutputFields,
		],
	};

	methods = {
		credentialTest: { testTerraApi },
		listSearch: { searchProviders },
	};

	execute = executePolling;

	trigger = startPolling;
}
