import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { JsonObject } from '../../terra/json';
import { limitFields, readLimit } from '../../fields/limit';
import { perItem } from '../../n8n/perItem';
import { ANY_PROVIDER, providerField, readProviders } from '../../fields/provider';
import { usersOf } from '../../transport/users';

const show = { resource: ['user'], operation: ['getAll'] };

export const fields: INodeProperties[] = [
	{
		...providerField(show, 'Whose users to get', { several: true }),
		default: ANY_PROVIDER,
	},
	...limitFields({ show }),
];

/** Gets the connections of the environment, page by page and no further than the limit. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await perItem.call(this, async (item, patience) => {
		const limit = readLimit.call(this, item);
		const found: JsonObject[] = [];
		for await (const user of usersOf.call(this, readProviders.call(this, item), patience)) {
			found.push(user);
			if (found.length >= limit) break;
		}
		return found;
	});
}
