import type { IExecuteFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { LEFT_TO_MODEL } from '../fields/user';
import type { Parameters } from '../fields/values';
import { isObject } from '../terra/json';

/**
 * Reads the given fields of one item; null for a field that has no value, such as a hidden one. (Without a fallback
 * n8n would throw.)
 */
export function itemParameters(
	context: IExecuteFunctions,
	names: readonly string[],
	itemIndex: number,
): Parameters {
	const isTool = context.getNode().type.endsWith('Tool');
	return valuesOf(names, (name) => {
		const value: unknown = context.getNodeParameter(name, itemIndex, null);
		return isTool && name === 'user' && isObject(value) && value.mode !== 'reference'
			? { ...value, mode: LEFT_TO_MODEL }
			: value;
	});
}

/** Reads fields of a trigger by name, in the same way. */
export function triggerParameters(
	context: Pick<ITriggerFunctions | IWebhookFunctions, 'getNodeParameter'>,
	names: readonly string[],
): Parameters {
	return valuesOf(names, (name) => context.getNodeParameter(name, null));
}

function valuesOf(names: readonly string[], read: (name: string) => unknown): Parameters {
	return Object.fromEntries([...new Set(names)].map((name) => [name, read(name)]));
}
