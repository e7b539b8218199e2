import { USER_COLUMNS } from './columns';
import { withFreshness } from './freshness';
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
		action: 'Get athlete',
	},
	forModel:
		'Gets one connection of an athlete to a provider: whether it works (active), and days_without_data. Athlete: user_id.',
	columns: [
		...USER_COLUMNS,
		{ name: 'last_polled_at', description: 'When Terra last polled the provider' },
		{ name: 'most_recent_data_at', description: 'Time of its latest data' },
		{ name: 'is_authenticated', description: 'Whether Terra can use it', type: 'boolean' },
	],
	fields: [connectionField()],
	read: readUserId,
	async run(userId, { client }) {
		const read = expecting((body) => {
			const { is_authenticated = null } = asObject(body);
			const user = userIn(body, userId);
			return user && { ...withFreshness(user), is_authenticated };
		});
		const query = { user_id: userId };
		const about = { kind: 'user' } as const;
		return [{ json: await client.get({ path: '/userInfo', query, about, read }, SHORT_RETRY) }];
	},
});
