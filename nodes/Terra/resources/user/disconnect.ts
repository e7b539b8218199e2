import { connectionField, readUserId } from '../../fields/user';
import { operation } from '../../n8n';

export const disconnect = operation({
	option: {
		name: 'Disconnect',
		value: 'disconnect',
		description: 'End a connection for good: Terra deletes it and its data',
		action: 'Disconnect user',
	},
	fields: [
		{
			displayName:
				'<b>This cannot be undone.</b> Terra deletes the connection and all its data. To come back, the athlete must connect again, and gets a new user ID.',
			name: 'disconnectNotice',
			type: 'notice',
			default: '',
		},
		connectionField(),
	],
	read: readUserId,
	async run(userId, { client }) {
		await client.get({
			path: '/auth/deauthenticateUser',
			method: 'DELETE',
			query: { user_id: userId },
			about: { kind: 'user' },
		});
		return [{ json: { deleted: true } }];
	},
});
