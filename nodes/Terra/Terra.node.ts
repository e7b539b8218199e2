import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import {
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
		description: 'Gets rides and other data of Xert, or any other provider, from Terra',
		defaults: { name: 'Terra' },
		usableAsTool: true,
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
					{ name: 'Athlete', value: 'athlete' },
					{ name: 'Body', value: 'body' },
					{ name: 'Daily', value: 'daily' },
					{ name: 'Menstruation', value: 'menstruation' },
					{ name: 'Nutrition', value: 'nutrition' },
					{ name: 'Sleep', value: 'sleep' },
					{ name: 'User', value: 'user' },
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
