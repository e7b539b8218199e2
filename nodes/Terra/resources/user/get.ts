import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { asObject } from '../../terra/json';
import { terraRequest } from '../../transport/client';
import { perItem } from '../../n8n/perItem';
import { readUserId, connectionField } from '../../fields/user';
import { usersIn } from '../../transport/users';

export const fields: INodeProperties[] = [
	connectionField({ resource: ['user'], operation: ['get'] }),
];

/** Gets one connection as Terra describes it, and whether it can be used. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await perItem.call(this, async (item, patience) => {
		const query = { user_id: readUserId.call(this, item) };
		const answer = await terraRequest.call(this, { path: '/userInfo', query }, patience);
		const { is_authenticated = null } = asObject(answer);
		return usersIn(answer).map((user) => ({ ...user, is_authenticated }));
	});
}
