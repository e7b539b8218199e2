import type { IExecuteFunctions, INodeProperties, IWebhookFunctions } from 'n8n-workflow';

/** The values of a node's fields, by the fields' internal names, with expressions evaluated. */
export type Parameters = Readonly<Record<string, unknown>>;

/**
 * Reads the given fields of one item; null for a field that has no value, such as a hidden one. (Without a fallback
 * n8n throws for those.)
 */
export function itemParameters(
	context: IExecuteFunctions,
	fields: readonly INodeProperties[],
	itemIndex: number,
): Parameters {
	return parametersOf(fields, (name) => context.getNodeParameter(name, itemIndex, null));
}

/** Reads the given fields of a trigger. */
export function triggerParameters(
	context: Pick<IWebhookFunctions, 'getNodeParameter'>,
	fields: readonly INodeProperties[],
): Parameters {
	return parametersOf(fields, (name) => context.getNodeParameter(name, null));
}

function parametersOf(
	fields: readonly INodeProperties[],
	read: (name: string) => unknown,
): Parameters {
	const names = fields.filter(({ type }) => type !== 'notice').map(({ name }) => name);
	return Object.fromEntries([...new Set(names)].map((name) => [name, read(name)]));
}
