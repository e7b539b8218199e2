import type { IWebhookFunctions } from 'n8n-workflow';
import type { Filters } from './filters';

/** The fields under "Options". */
export interface Options {
	allowedAddresses?: string;
	attachFile?: string;
	dropRepeated?: boolean;
	emitOutdated?: boolean;
	maxAgeHours?: number;
	onePerEvent?: boolean;
	payloadHosts?: string;
	verifySignature?: boolean;
}

/** Terra repeats a delivery for about a day, and no source says whether it signs it anew each time. */
export const DEFAULT_MAX_AGE_HOURS = 48;

/** What the fields of the node say is wanted. */
export function filtersOf(this: IWebhookFunctions): Filters {
	const provider = this.getNodeParameter('provider', '*', { extractValue: true }) as string;
	const filters = this.getNodeParameter('filters', {}) as {
		activityTypes?: number[];
		leaveOut?: number[];
		minDistance?: number;
		minDuration?: number;
		referenceIds?: string;
		userIds?: string;
	};
	return {
		events: this.getNodeParameter('events') as string[],
		providers: splitList(provider)
			.filter((name) => name !== '*')
			.map((name) => name.toUpperCase()),
		userIds: splitList(filters.userIds),
		referenceIds: splitList(filters.referenceIds),
		activityTypes: filters.activityTypes ?? [],
		unwantedUploads: filters.leaveOut ?? [],
		minSeconds: (filters.minDuration ?? 0) * 60,
		minMeters: (filters.minDistance ?? 0) * 1000,
	};
}

/** Splits at commas and white space. */
export function splitList(text: unknown): string[] {
	return typeof text === 'string' ? text.split(/[\s,]+/).filter((part) => part !== '') : [];
}
