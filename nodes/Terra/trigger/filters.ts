import { secondsBetween } from '../terra/times';
import { choiceOf, recordsOf, userOf, type TerraEvent } from '../terra/events';
import { asObject, isObject, type JsonObject } from '../terra/json';

export interface Filters {
	/** Choices of "Trigger On"; `*` is any event, also of types that Terra invents later. */
	events: string[];
	/** Upper-case provider names; empty is any. */
	providers: string[];
	/** Terra's user IDs in lower case; empty is any. */
	userIds: string[];
	/** The reference IDs given when connecting; empty is any. */
	referenceIds: string[];
	/** Terra's numbers of activity types (0 is one); empty is any. */
	activityTypes: number[];
	/** Seconds in motion, or from start to end where Terra has no time in motion. */
	minSeconds: number;
	minMeters: number;
	/** Terra's numbers of upload types that are not wanted. */
	unwantedUploads: number[];
}

/** What is left of an event, or what kept it out: a few words for delivery logs, so never a person's figures. */
export type Filtered = { records: JsonObject[] | undefined } | { keptOut: string };

/**
 * A filter looks only at what an event carries: one without a provider, such as a failed connection,
 * passes the provider filter if it was asked for.
 */
export function filterEvent(event: TerraEvent, filters: Filters): Filtered {
	const choice = choiceOf(event);
	if (!filters.events.includes('*') && !filters.events.includes(choice)) {
		return { keptOut: `filtered: ${event.type} is not in 'Trigger On'` };
	}

	const { provider, user_id, reference_id } = userOf(event);
	if (misses(filters.providers, provider?.toUpperCase())) {
		return { keptOut: `filtered: provider ${provider}` };
	}
	if (
		misses(filters.userIds, user_id?.toLowerCase()) &&
		misses(filters.userIds, oldUserId(event)?.toLowerCase())
	) {
		return { keptOut: `filtered: user ${user_id}` };
	}
	// An athlete without a reference ID is none of those that were named.
	if (misses(filters.referenceIds, reference_id ?? (user_id && ''))) {
		return { keptOut: `filtered: reference ID ${reference_id ?? 'missing'}` };
	}

	const records = recordsOf(event);
	if (!records) return { records };
	if (records.length === 0) return { keptOut: `ignored: ${event.type} without data` };
	if (event.type !== 'activity') return { records };

	let reason = '';
	const wanted = records.filter((activity) => {
		const why = unwantedBecause(activity, filters);
		reason = why ?? reason;
		return why === undefined;
	});
	return wanted.length > 0 ? { records: wanted } : { keptOut: `filtered: ${reason}` };
}

function misses<T>(wanted: T[], value: T | undefined): boolean {
	return wanted.length > 0 && value !== undefined && !wanted.includes(value);
}

/** After a re-authentication, workflows that still know the old ID are the ones that need to hear of it. */
function oldUserId({ body }: TerraEvent): string | undefined {
	return isObject(body.old_user)
		? String(body.old_user.user_id)
		: userOf({ type: '', body }).user_id;
}

function unwantedBecause(activity: JsonObject, filters: Filters): string | undefined {
	const { type, upload_type } = asObject(activity.metadata);
	if (misses(filters.activityTypes, asNumber(type) ?? NaN)) return `activity type ${String(type)}`;
	if (filters.unwantedUploads.includes(asNumber(upload_type) ?? NaN)) {
		return `upload type ${String(upload_type)}`;
	}
	const seconds = durationOf(activity);
	if (seconds !== undefined && seconds < filters.minSeconds)
		return 'shorter than the minimum duration';
	const meters = asNumber(asObject(asObject(activity.distance_data).summary).distance_meters);
	if (meters !== undefined && meters < filters.minMeters)
		return 'shorter than the minimum distance';
	return undefined;
}

function durationOf(activity: JsonObject): number | undefined {
	const moving = asNumber(asObject(activity.active_durations_data).activity_seconds);
	if (moving !== undefined) return moving;
	const { start_time, end_time } = asObject(activity.metadata);
	return secondsBetween(start_time, end_time) ?? undefined;
}

function asNumber(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
