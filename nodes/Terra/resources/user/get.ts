import { connectionField, readUserId } from '../../fields/user';
import { operation } from '../../n8n';
import { asObject } from '../../terra/json';
import { expecting, userIn } from '../../transport';
import { SHORT_RETRY } from '../retry';

export const get = operation({
	option: {
		name: 'Get',
		value: 'get',
		description: 'Get one connection by its user ID, and whether it still works',
		action: 'Get user',
	},
	fields: [connectionField()],
	read: readUserId,
	async run(userId, { client }) {
		const read = expecting((body) => {
			const { is_authenticated = null } = asObject(body);
			const user = userIn(body, userId);
			return user && { ...user, is_authenticated };
		});
		const query = { user_id: userId };
		const about = { kind: 'user' } as const;
		return [{ json: await client.get({ path: '/userInfo', query, about, read }, SHORT_RETRY) }];
	},
});
