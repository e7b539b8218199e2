import type { IExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';
import { asObject, asText } from '../terra/json';

/**
 * The address in front of this n8n's webhooks. n8n tells a trigger its own URL in hooks only; elsewhere this is where it
 * keeps it. Undefined where a version of n8n keeps it somewhere else: then nothing is compared.
 */
export function webhookBaseUrlOf(
	context: IExecuteFunctions | ITriggerFunctions,
): string | undefined {
	const { additionalData } = context as { additionalData?: unknown };
	return asText(asObject(additionalData).webhookBaseUrl);
}
