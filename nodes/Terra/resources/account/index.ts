import type { INodeProperties } from 'n8n-workflow';
import * as checkSetup from './checkSetup';
import * as getProviders from './getProviders';

export const operations = { checkSetup: checkSetup.execute, getProviders: getProviders.execute };

export const fields: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['account'] } },
		options: [
			{
				name: 'Check Set-Up',
				value: 'checkSetup',
				description: 'Check step by step why rides arrive or do not: each line says what to do',
				action: 'Check set up of account',
			},
			{
				name: 'Get Providers',
				value: 'getProviders',
				description: 'Get the providers that are enabled in this environment',
				action: 'Get providers of account',
			},
		],
		default: 'checkSetup',
	},
	...checkSetup.fields,
];
