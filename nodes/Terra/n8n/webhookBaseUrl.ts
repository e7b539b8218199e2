import type { IExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';
import { asObject, asText } from '../terra/json';
import { canonicalUrl } from '../transport';

/**
 * The address in front of this n8n's webhooks. n8n tells a trigger its own URL in hooks only; elsewhere this is where it
 * keeps it. In the one spelling in which addresses are compared. Undefined where a version of n8n keeps it somewhere else: then nothing is compared.
 */
export function webhookBaseUrlOf(
	context: IExecuteFunctions | ITriggerFunctions,
): string | undefined {
	const { additionalData } = context as { additionalData?: unknown };
	const baseUrl = asText(asObject(additionalData).webhookBaseUrl);
	return baseUrl && canonicalUrl(baseUrl);
}
