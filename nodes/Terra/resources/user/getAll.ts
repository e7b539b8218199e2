import { USER_COLUMNS } from './columns';
import { withFreshness } from './freshness';
import { limitFields, readLimit } from '../../fields/limit';
import { ANY_PROVIDER, providersField, readProviders } from '../../fields/provider';
import { unnamedHint } from '../../history';
import { operation, type Output } from '../../n8n';
import { usersOf } from '../../transport';
import { SHORT_RETRY } from '../retry';

export const getAll = operation({
	option: {
		name: 'Get Many',
		value: 'getAll',
		description: 'Get many athletes, one for each provider, and when data last arrived for each',
		action: 'Get many athletes',
	},
	forModel:
		'Lists athletes, a row for each connection to a provider: reference_id, user_id, provider, whether it works (active), and days_without_data.',
	columns: USER_COLUMNS,
	fields: [
		{
			...providersField({}, 'Whose athletes to get'),
			default: ANY_PROVIDER,
		},
		...limitFields(),
	],
	read: (parameters) => ({ limit: readLimit(parameters), providers: readProviders(parameters) }),
	async run({ limit, providers }, { client, hint }) {
		const found: Output[] = [];
		const unnamed = (count: number) => hint(unnamedHint(count), 'warning');
		for await (const user of usersOf(client, providers, SHORT_RETRY, { unnamed })) {
			found.push({ json: withFreshness(user) });
			if (found.length >= limit) break;
		}
		return found;
	},
});
