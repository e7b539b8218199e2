import {
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import * as account from './resources/account';
import * as activity from './resources/activity';
import * as athlete from './resources/athlete';
import * as history from './resources/records';
import * as user from './resources/user';
import { searchUsers } from './transport/users';
import { testTerraApi } from './transport/credentialTest';
import { searchProviders } from './transport/providers';

type Operation = (this: IExecuteFunctions) => Promise<INodeExecutionData[]>;

const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
	account: account.operations,
	activity: { ...history.operations, ...activity.operations },
	athlete: athlete.operations,
	body: history.operations,
	daily: history.operations,
	menstruation: history.operations,
	nutrition: history.operations,
	sleep: history.operations,
	user: user.operations,
};

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
		credentials: [{ name: 'terraApi', required: true, testedBy: 'testTerraApi' }],
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
			...history.fields,
			...activity.fields,
			...athlete.fields,
			...user.fields,
			...account.fields,
		],
	};

	methods = { credentialTest: { testTerraApi }, listSearch: { searchProviders, searchUsers } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0) as string;
		const operation = this.getNodeParameter('operation', 0) as string;
		const execute = OPERATIONS[resource]?.[operation];
		if (!execute) {
			throw new NodeOperationError(this.getNode(), `There is no operation '${operation}' here`, {
				description: `Choose one of the operations of the resource '${resource}'.`,
			});
		}
		return [await execute.call(this)];
	}
}
