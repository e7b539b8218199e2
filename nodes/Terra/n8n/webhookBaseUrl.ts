import type { IExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';
import { asObject, asText } from '../terra/json';
import { canonicalUrl } from '../transport';

/**
 * The base URL of this n8n's webhooks, in the spelling used for comparing addresses. n8n gives a trigger its URL only in
 * hooks; elsewhere the base has to be read from its internal data. Undefined if a version of n8n keeps it in another
 * place: then nothing is compared.
 */
export function webhookBaseUrlOf(
	context: IExecuteFunctions | ITriggerFunctions,
): string | undefined {
	const { additionalData } = context as { additionalData?: unknown };
	const baseUrl = asText(asObject(additionalData).webhookBaseUrl);
	return baseUrl && canonicalUrl(baseUrl);
}
