import { asText, isObject, type JsonObject } from './json';

export interface TerraEvent {
	/** Terra's `type` in one spelling: lower case, underscores. */
	type: string;
	/** The event as Terra sent it. */
	body: JsonObject;
}

export interface EventUser {
	user_id?: string;
	provider?: string;
	reference_id?: string;
}

/** What a person can choose to be told about: one choice may cover several of Terra's event types. */
export const EVENT_CHOICES = [
	'access_revoked',
	'activity',
	'athlete',
	'auth',
	'auth_cancelled',
	'body',
	'connection_error',
	'daily',
	'deauth',
	'health_observation',
	'hormone',
	'lab_report',
	'large_request',
	'menstruation',
	'nutrition',
	'permission_change',
	'planned_workout',
	'route',
	'sleep',
	'user_reauth',
] as const;

export type EventChoice = (typeof EVENT_CHOICES)[number];

/** Other spellings that Terra's documents use for the same event. */
const SAME_EVENT: Record<string, string> = {
	auth_success: 'auth',
	auth_error: 'auth_cancelled',
	s3_upload: 's3_payload',
};

/** The types whose `data` is a list of records. `athlete` has one record, under its own name. */
const DATA_TYPES = new Set([
	'activity',
	'athlete',
	'body',
	'daily',
	'menstruation',
	'nutrition',
	'sleep',
	'hormone',
	'health_observation',
	'planned_workout',
	'route',
]);

/** @returns undefined when the body is not a Terra event: every event is an object with a `type` */
export function parseEvent(body: unknown): TerraEvent | undefined {
	if (!isObject(body)) return undefined;
	const name = asText(body.type)?.trim().toLowerCase().replaceAll('-', '_');
	if (!name) return undefined;

	const type = Object.hasOwn(SAME_EVENT, name) ? SAME_EVENT[name]! : name;
	// The older form of a failed connection is an `auth` event that says "error".
	return { type: type === 'auth' && body.status === 'error' ? 'auth_cancelled' : type, body };
}

/** The choice that covers an event; for a type that none covers, the type itself. */
export function choiceOf({ type }: TerraEvent): string {
	if (type.startsWith('lab_report')) return 'lab_report';
	if (type.startsWith('large_request')) return 'large_request';
	return type;
}

/**
 * The records that an event carries.
 *
 * @returns an empty list when a data event has none; undefined when the event as a whole is what matters
 */
export function recordsOf({ type, body }: TerraEvent): JsonObject[] | undefined {
	if (type === 'athlete' && isObject(body.athlete)) return [body.athlete];
	if (!DATA_TYPES.has(type)) return undefined;
	if (Array.isArray(body.data)) return body.data.filter(isObject);
	return isObject(body.data) ? [body.data] : [];
}

/**
 * Whom an event is about. A re-authentication has a new and an old user, and the new one counts; a failed
 * connection has no user, only the reference ID it was started with.
 */
export function userOf({ body }: TerraEvent): EventUser {
	const user = [body.user, body.new_user, body.old_user].find(isObject) ?? {};
	return {
		user_id: asText(user.user_id),
		provider: asText(user.provider),
		reference_id: asText(user.reference_id) ?? asText(body.reference_id),
	};
}
