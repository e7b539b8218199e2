import type { IWebhookFunctions } from 'n8n-workflow';
import type { Filters } from './filters';

/** The fields under "Options". */
export interface Options {
	allowedAddresses?: unknown;
	attachFile?: string;
	dropRepeated?: boolean;
	emitOutdated?: boolean;
	maxAgeHours?: number;
	onePerEvent?: boolean;
	payloadHosts?: unknown;
	verifySignature?: boolean;
}

/** Terra repeats a delivery for about a day, and no source says whether it signs it anew each time. */
export const DEFAULT_MAX_AGE_HOURS = 48;

/** What the fields of the node say is wanted. */
export function filtersOf(this: IWebhookFunctions): Filters {
	const provider = this.getNodeParameter('provider', '*', { extractValue: true });
	const filters = this.getNodeParameter('filters', {}) as {
		activityTypes?: number[];
		leaveOut?: number[];
		minDistance?: number;
		minDuration?: number;
		referenceIds?: unknown;
		userIds?: unknown;
	};
	return {
		events: this.getNodeParameter('events') as string[],
		providers: splitList(provider)
			.filter((name) => name !== '*')
			.map((name) => name.toUpperCase()),
		userIds: splitList(filters.userIds).map((id) => id.toLowerCase()),
		// They may have spaces.
		referenceIds: splitList(filters.referenceIds, /[,\n]/),
		activityTypes: filters.activityTypes ?? [],
		unwantedUploads: filters.leaveOut ?? [],
		minSeconds: (filters.minDuration ?? 0) * 60,
		minMeters: (filters.minDistance ?? 0) * 1000,
	};
}

/**
 * Splits what a person typed, at commas and white space unless told otherwise. An expression may yield a list
 * already, or a number. Only nothing at all is an empty list, for that means "any".
 */
export function splitList(value: unknown, separator: RegExp = /[\s,]/): string[] {
	if (value === undefined || value === null) return [];
	const parts = Array.isArray(value) ? value.map(String) : String(value).split(separator);
	return parts.map((part) => part.trim()).filter((part) => part !== '');
}
