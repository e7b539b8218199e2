import type { IExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';
import { asObject, asText } from '../terra/json';
import { canonicalUrl } from '../transport';

/**
 * The base URL of this n8n's webhooks. n8n gives a trigger its own URL only in hooks; elsewhere this is where it
 * keeps it, in the spelling used for comparing addresses. Undefined if a version of n8n keeps it elsewhere: then nothing is compared.
 */
export function webhookBaseUrlOf(
	context: IExecuteFunctions | ITriggerFunctions,
): string | undefined {
	const { additionalData } = context as { additionalData?: unknown };
	const baseUrl = asText(asObject(additionalData).webhookBaseUrl);
	return baseUrl && canonicalUrl(baseUrl);
}
