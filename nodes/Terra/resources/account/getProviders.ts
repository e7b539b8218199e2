import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { DATA_TYPES } from '../../terra/dataTypes';
import { asObject, asText, type JsonObject } from '../../terra/json';
import { enabledProviders, readable } from '../../transport/providers';
import { perItem } from '../../n8n/perItem';

/** Gets the providers of the environment: an item for each, with the types of data that it supplies. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await perItem.call(this, async (_item, patience) => {
		return (await enabledProviders.call(this, patience)).map(describe);
	});
}

function describe({ provider, name, enabled, types, icon }: JsonObject): JsonObject {
	const supplies = DATA_TYPES.map((type) => [type, asObject(types)[type] ?? null]);
	return {
		provider,
		name: asText(name) ?? readable(String(provider)),
		enabled: enabled ?? null,
		...Object.fromEntries(supplies),
		icon: asText(icon) ?? null,
	};
}
