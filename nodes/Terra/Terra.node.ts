import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import {
	builderHint,
	runOperation,
	searchActivities,
	searchProviders,
	searchUsers,
	testTerraAdminApi,
	testTerraApi,
} from './n8n';
import { FIELDS, OPERATIONS } from './resources';

export class Terra implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Terra',
		name: 'terra',
		icon: { light: 'file:../../icons/terra.svg', dark: 'file:../../icons/terra.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Gets rides and other data from Xert, or any other provider, through Terra',
		defaults: { name: 'Terra' },
		usableAsTool: true,
		builderHint: builderHint(
			'Reads rides (activities), sleep and other wearable data of connected athletes, by default from Xert. Athletes connect first: resource Athlete (user), operation Create Connection Link. For digests, weekly or monthly totals and training load use Activity, Get Summary; Get Many gives a row for each ride. When writing rows, match on activity_key, which stays the same when a ride changes.',
			[
				{
					nodeType: 'n8n-nodes-terra.terraTrigger',
					relationHint: 'Starts a workflow for each new ride; the Terra node is for history',
				},
				{
					nodeType: 'n8n-nodes-base.googleSheets',
					relationHint: 'Append or update rows of rides, matching on activity_key',
				},
				{
					nodeType: 'n8n-nodes-base.dataTable',
					relationHint: 'Upsert rides, matching on activity_key',
				},
				{
					nodeType: 'n8n-nodes-base.scheduleTrigger',
					relationHint: 'For a digest: every Monday, then Get Summary of the week before',
				},
			],
		),
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'terraApi', required: true, testedBy: 'testTerraApi' },
			{
				name: 'terraAdminApi',
				required: false,
				testedBy: 'testTerraAdminApi',
				displayOptions: {
					show: { resource: ['account'], operation: ['checkSetup', 'sendTestEvent'] },
				},
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Account', value: 'account' },
					{ name: 'Activity', value: 'activity' },
					{ name: 'Athlete', value: 'user' },
					{ name: 'Athlete Profile', value: 'athlete' },
					{ name: 'Body', value: 'body' },
					{ name: 'Daily', value: 'daily' },
					{ name: 'Menstruation', value: 'menstruation' },
					{ name: 'Nutrition', value: 'nutrition' },
					{ name: 'Sleep', value: 'sleep' },
				],
				default: 'activity',
			},
			...FIELDS,
		],
	};

	methods = {
		credentialTest: { testTerraApi, testTerraAdminApi },
		listSearch: { searchActivities, searchProviders, searchUsers },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runOperation(this, OPERATIONS)];
	}
}
