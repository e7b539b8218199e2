import type { INodeProperties } from 'n8n-workflow';
import * as getAll from './getAll';

export const operations = { getAll: getAll.execute };

export const fields: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['activity'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'Get many rides and other workouts of an athlete, from any range of dates',
				action: 'Get many activities',
			},
		],
		default: 'getAll',
	},
	...getAll.fields,
];
