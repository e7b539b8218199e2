import { connectionField, readUserId } from '../../fields/user';
import { operation } from '../../n8n';
import { asObject, asText, isObject } from '../../terra/json';
import { expecting, userIn } from '../../transport';

export const disconnect = operation({
	option: {
		name: 'Disconnect',
		value: 'disconnect',
		description: 'End a connection for good: Terra deletes it and its data',
		action: 'Disconnect athlete',
	},
	columns: [{ name: 'deleted', description: 'Always true', type: 'boolean' }],
	fields: [
		{
			displayName:
				'This cannot be undone. Terra deletes the connection and all its data. To return, the athlete must connect again, and gets a new user ID.',
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
			read: expecting((body) => confirmation(body, userId)),
		});
		return [{ json: { deleted: true } }];
	},
});

/** Terra confirms with `{ status: 'success' }`, or with an empty answer (204). */
function confirmation(body: unknown, userId: string): true | undefined {
	if (body === undefined || body === null || body === '') return true;
	const { status, user } = asObject(body);
	if (isObject(user) && !userIn({ user }, userId)) return undefined;
	return asText(status)?.toLowerCase() === 'success' ? true : undefined;
}
