import type { IExecuteFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { Parameters } from '../fields/values';

/**
 * Reads the given fields of one item; null for a field that has no value, such as a hidden one. (Without a fallback
 * n8n throws for those.)
 */
export function itemParameters(
	context: IExecuteFunctions,
	names: readonly string[],
	itemIndex: number,
): Parameters {
	return valuesOf(names, (name) => context.getNodeParameter(name, itemIndex, null));
}

/** Reads fields of a trigger by name, with the same rule. */
export function triggerParameters(
	context: Pick<ITriggerFunctions | IWebhookFunctions, 'getNodeParameter'>,
	names: readonly string[],
): Parameters {
	return valuesOf(names, (name) => context.getNodeParameter(name, null));
}

function valuesOf(names: readonly string[], read: (name: string) => unknown): Parameters {
	return Object.fromEntries([...new Set(names)].map((name) => [name, read(name)]));
}
