import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { terraRequest } from '../../transport/client';
import { perItem } from '../../n8n/perItem';
import { readUserId, connectionField } from '../../fields/user';

const show = { resource: ['user'], operation: ['disconnect'] };

export const fields: INodeProperties[] = [
	{
		displayName:
			'<b>This cannot be undone.</b> Terra deletes the connection and all data it holds of it. To come back, the athlete must connect again, and gets a new user ID.',
		name: 'disconnectNotice',
		type: 'notice',
		default: '',
		displayOptions: { show },
	},
	connectionField(show),
];

/** Ends connections for good. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await perItem.call(this, async (item) => {
		const query = { user_id: readUserId.call(this, item) };
		await terraRequest.call(this, {
			path: '/auth/deauthenticateUser',
			method: 'DELETE',
			query,
		});
		return [{ deleted: true }];
	});
}
