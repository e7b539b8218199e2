import type { ColumnInfo } from '../../rows/columns';
import { operation } from '../../n8n';
import { DATA_TYPES } from '../../terra/events';
import { asObject, asText, type JsonObject } from '../../terra/json';
import { enabledProviders, providerName } from '../../transport';
import { SHORT_RETRY } from '../retry';

/** An item for each provider of the environment, with the types of data that it supplies. */
export const getProviders = operation({
	option: {
		name: 'Get Providers',
		value: 'getProviders',
		description: 'Get the providers that are enabled in this environment',
		action: 'Get providers of account',
	},
	forModel:
		'Lists the providers that athletes can connect, such as XERT, and which types of data each supplies.',
	columns: [
		{ name: 'provider', description: 'As Terra spells it, such as XERT' },
		{ name: 'name', description: 'Its usual name' },
		{ name: 'enabled', description: 'Whether athletes can connect it', type: 'boolean' },
		...DATA_TYPES.map((name): ColumnInfo => ({
			name,
			description: `Whether it supplies ${name} data`,
			type: 'boolean',
		})),
		{ name: 'icon', description: 'URL of its icon' },
	],
	fields: [],
	read: () => undefined,
	async run(_input, { client }) {
		const providers = await enabledProviders(client, SHORT_RETRY);
		return providers.map((provider) => ({ json: toRow(provider) }));
	},
});

function toRow({ provider, name, enabled, types, icon }: JsonObject): JsonObject {
	const supplies = DATA_TYPES.map((type) => [type, asObject(types)[type] ?? null]);
	return {
		provider,
		name: asText(name) ?? providerName(String(provider)),
		enabled: enabled ?? null,
		...Object.fromEntries(supplies),
		icon: asText(icon) ?? null,
	};
}
