import type { INodeProperties } from 'n8n-workflow';
import * as createLink from './createLink';
import * as disconnect from './disconnect';
import * as get from './get';
import * as getAll from './getAll';
import * as getByReference from './getByReference';

export const operations = {
	createLink: createLink.execute,
	disconnect: disconnect.execute,
	get: get.execute,
	getAll: getAll.execute,
	getByReference: getByReference.execute,
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['user'] } },
		options: [
			{
				name: 'Create Connection Link',
				value: 'createLink',
				description: 'Create a link on which an athlete connects an account with you',
				action: 'Create connection link for user',
			},
			{
				name: 'Disconnect',
				value: 'disconnect',
				description: 'End a connection for good: Terra deletes it and its data',
				action: 'Disconnect user',
			},
			{
				name: 'Get',
				value: 'get',
				description: 'Get one connection by its user ID, and whether it still works',
				action: 'Get user',
			},
			{
				name: 'Get by Reference ID',
				value: 'getByReference',
				description: 'Get all connections of one person by your own ID of them',
				action: 'Get user by reference ID',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'Get many users: each is one person at one provider',
				action: 'Get many users',
			},
		],
		default: 'getAll',
	},
	...createLink.fields,
	...disconnect.fields,
	...get.fields,
	...getByReference.fields,
	...getAll.fields,
];
