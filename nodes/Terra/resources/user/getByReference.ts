import { USER_COLUMNS } from './columns';
import { withFreshness } from './freshness';
import { isEmpty } from '../../fields/values';
import { operation } from '../../n8n';
import { UserError } from '../../terra/userError';
import { usersByReference } from '../../transport';
import { SHORT_RETRY } from '../retry';

export const getByReference = operation({
	option: {
		name: 'Get by Reference ID',
		value: 'getByReference',
		description: 'Get all connections of one person by your own ID for them',
		action: 'Get athlete by reference ID',
	},
	forModel:
		'Gets the connections of one person: user_id, provider, whether it works (active), and days_without_data. Reference_ID: such as rider-0042.',
	columns: USER_COLUMNS,
	fields: [
		{
			displayName: 'Reference ID',
			name: 'referenceId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. rider-0042',
			description: 'Your own ID for the person, given when they connected',
		},
	],
	read(parameters) {
		if (!isEmpty(parameters.referenceId)) return String(parameters.referenceId);
		throw new UserError(
			"'Reference ID' is empty",
			'If the field is an expression, the input item has no such value.',
		);
	},
	async run(referenceId, { client }) {
		const users = await usersByReference(client, referenceId, SHORT_RETRY);
		return users.map((user) => ({ json: withFreshness(user) }));
	},
});
