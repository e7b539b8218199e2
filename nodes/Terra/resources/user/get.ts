import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { asObject } from '../../terra/json';
import { terraRequest } from '../../transport/request';
import { perItem } from '../shared/perItem';
import { readUserId, connectionField } from '../shared/userField';
import { usersIn } from '../shared/users';

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
