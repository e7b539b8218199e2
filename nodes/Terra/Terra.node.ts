import {
	NodeApiError,
	NodeConnectionTypes,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type JsonObject,
} from 'n8n-workflow';
import * as activity from './resources/activity';
import { testTerraApi } from './transport/credentialTest';

const resources = { activity: activity.operations };

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
				options: [{ name: 'Activity', value: 'activity' }],
				default: 'activity',
			},
			...activity.fields,
		],
	};

	methods = { credentialTest: { testTerraApi } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0) as keyof typeof resources;
		const operation = this.getNodeParameter('operation', 0) as 'getAll';
		const run = resources[resource][operation];

		const output: INodeExecutionData[] = [];
		for (let item = 0; item < this.getInputData().length; item++) {
			try {
				const results = await run.call(this, item);
				for (const json of results) {
					output.push({ json: json as IDataObject, pairedItem: { item } });
				}
			} catch (error) {
				if (!this.continueOnFail()) {
					// An error of n8n's own kind comes back as it is.
					throw new NodeApiError(this.getNode(), error as JsonObject, { itemIndex: item });
				}
				output.push({ json: { error: (error as Error).message }, pairedItem: { item } });
			}
		}
		return [output];
	}
}
