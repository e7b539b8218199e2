import type { INodeProperties } from 'n8n-workflow';
import * as get from './get';

export const operations = { get: get.execute };

export const fields: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['athlete'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				description: 'Get the profile of an athlete, as far as the provider hands it out',
				action: 'Get an athlete',
			},
		],
		default: 'get',
	},
	...get.fields,
];
