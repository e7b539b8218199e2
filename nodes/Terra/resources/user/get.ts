import { connectionField, readUserId } from '../../fields/user';
import { operation } from '../../n8n';
import { asObject } from '../../terra/json';
import { usersIn } from '../../transport';
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
		const request = {
			path: '/userInfo',
			query: { user_id: userId },
			about: { kind: 'user' },
		} as const;
		const answer = await client.get(request, SHORT_RETRY);
		const { is_authenticated = null } = asObject(answer);
		return usersIn(answer).map((user) => ({ json: { ...user, is_authenticated } }));
	},
});
