import { localDay } from './days';
import { withoutControls } from '../text/plain';
import { asObject, asText, isObject, type JsonObject } from './json';

/** A type of event that Terra sends, and everything the nodes know about it. */
export interface EventType {
	name: string;
	/** The choice in 'Trigger On', if it is not the name. n8n lists the choices as actions, in alphabetical order. */
	choice?: string;
	description: string;
	/**
	 * Terra's types that the choice covers, if not just the one it is named after. A type also covers all that begin with it
	 * and a full stop: `lab_report` covers `lab_report.completed`.
	 */
	terraTypes?: readonly string[];
	/** Finds its records. Left out, or returns undefined, if the event as a whole is what matters. */
	records?: (body: JsonObject) => JsonObject[] | undefined;
	/**
	 * Recognises a record when Terra sends it again, as a newer version or in a neighbouring window. Unique for one user
	 * only. Only with `records`.
	 */
	identity?: (record: JsonObject) => string | undefined;
	/** Whether the identity is unique across all users. */
	isGlobal?: true;
	/** Whether it is about a connection: then it passes the athlete filter even if it names nobody. */
	isConnection?: true;
	/** Whether the Terra node can get its history; the type is also the path of the request. */
	hasHistory?: true;
	/** Whether it has one record for each day, which may still grow, instead of records with an ID. */
	isDaily?: true;
}

const listed = {
	records: ({ data }: JsonObject) => {
		if (Array.isArray(data)) return data.filter(isObject);
		return isObject(data) ? [data] : [];
	},
};

/** An activity or sleep without a usable ID is identified by its start: two rarely start at the same moment. */
const withSummaryId = {
	...listed,
	identity: ({ metadata }: JsonObject) => {
		const { summary_id, start_time } = asObject(metadata);
		return idText(summary_id) ?? asText(start_time);
	},
};

const daily = {
	...listed,
	identity: ({ metadata }: JsonObject) => localDay(asObject(metadata).start_time),
	isDaily: true,
} as const;

const MIDNIGHT = /[T ]00:00(:00(\.0+)?)?(?=$|[Z+-])/i;

/** Some providers send a record for each weighing: those of the same day differ by their start. */
function bodyIdentity({ metadata }: JsonObject): string | undefined {
	const { start_time } = asObject(metadata);
	const day = localDay(start_time);
	return day === undefined || MIDNIGHT.test(start_time as string) ? day : (start_time as string);
}

const withAnyId = { ...listed, identity: anyId };

/** The results of a report, each with what identifies the report; undefined if it could not be read. */
function labResults({ event_id, occurred_at, data }: JsonObject): JsonObject[] | undefined {
	const { results, report_date, session_id } = asObject(data);
	if (!Array.isArray(results) || !results.some(isObject)) return undefined;
	return results.filter(isObject).map((result, position) => ({
		event_id,
		occurred_at,
		report_date,
		session_id,
		position,
		...result,
	}));
}

/**
 * The types of events. A type that Terra adds later passes through, with a record for each element of its list.
 *
 * @see https://docs.tryterra.co/reference/event-types
 */
export const EVENTS = {
	access_revoked: {
		name: 'Access Revoked',
		description: 'The athlete withdrew access at the provider',
		isConnection: true,
	},
	activity: {
		// Begins with an A, so that a search for a trigger finds the usual one first.
		choice: 'A New or Updated Ride or Workout',
		name: 'Activity',
		description: 'A ride or other workout is new or has changed; the only type that Xert supplies',
		...withSummaryId,
		hasHistory: true,
	},
	athlete: {
		name: 'Athlete',
		description: "An athlete's profile is new or has changed",
		records: (body) => (isObject(body.athlete) ? [body.athlete] : listed.records(body)),
		// Each user has only one.
		identity: () => '',
	},
	auth: {
		name: 'Connected',
		description: 'An athlete has connected: this is the proof, not the page after connecting',
		isConnection: true,
	},
	auth_cancelled: {
		name: 'Connection Failed',
		description: 'An athlete cancelled connecting, or it failed; it names a reference ID at most',
		isConnection: true,
	},
	body: {
		name: 'Body',
		description: 'Weight, blood pressure, glucose and other measurements',
		...daily,
		identity: bodyIdentity,
		hasHistory: true,
	},
	connection_error: {
		name: 'Connection Error',
		description: 'The provider refused Terra; this may resolve itself',
		isConnection: true,
	},
	daily: {
		name: 'Daily',
		description: 'Daily totals: steps, calories, heart rate',
		...daily,
		hasHistory: true,
	},
	deauth: {
		name: 'Disconnected',
		description: 'An athlete was disconnected through Terra',
		isConnection: true,
	},
	health_observation: {
		name: 'Health Observation',
		description: 'A single observation',
		...withAnyId,
	},
	hormone: { name: 'Hormone', description: 'Hormone levels', ...withAnyId },
	lab_report: {
		name: 'Lab Report',
		description: 'A lab report was read, or reading it failed: an item for each result',
		records: labResults,
		identity: ({ event_id, position }) => {
			const id = idText(event_id);
			return id === undefined ? undefined : `${id}:${String(position)}`;
		},
		isGlobal: true,
	},
	large_request: {
		name: 'Large Request',
		description: 'Terra is collecting a long period of history, or begins to send it',
		terraTypes: ['large_request_processing', 'large_request_sending'],
	},
	menstruation: { name: 'Menstruation', description: 'Cycle data', ...daily, hasHistory: true },
	nutrition: { name: 'Nutrition', description: 'Meals and drinks', ...daily, hasHistory: true },
	permission_change: {
		name: 'Permission Change',
		description: 'An athlete changed what Terra may read',
		isConnection: true,
	},
	planned_workout: {
		name: 'Planned Workout',
		description: 'A workout was planned or changed; not from Xert',
		...listed,
		identity: ({ planned_workout_id, id }) => idText(planned_workout_id) ?? idText(id),
	},
	route: { name: 'Route', description: 'A route is new or has changed', ...withAnyId },
	sleep: { name: 'Sleep', description: 'A night or a nap', ...withSummaryId, hasHistory: true },
	user_reauth: {
		name: 'Reconnected',
		description: 'An athlete connected again: the user ID has changed',
		isConnection: true,
	},
} satisfies Record<string, EventType>;

export type EventChoice = keyof typeof EVENTS;

type With<Key extends keyof EventType> = {
	[Choice in EventChoice]: (typeof EVENTS)[Choice] extends { [K in Key]: unknown } ? Choice : never;
}[EventChoice];

/** The types with records. */
export type RecordType = With<'records'>;

/** The types whose history can be fetched. */
export type DataType = With<'hasHistory'>;

const TYPES: Readonly<Record<string, EventType>> = EVENTS;

const EVENT_CHOICES = Object.keys(EVENTS) as EventChoice[];

export const DATA_TYPES = EVENT_CHOICES.filter((choice) => TYPES[choice]!.hasHistory) as DataType[];

/** The choice that covers a type of Terra's; for a type that none covers, the type itself. */
export function choiceOf(type: string): string {
	if (Object.hasOwn(TYPES, type)) return type;
	const isCovered = (covering: string) => type === covering || type.startsWith(`${covering}.`);
	return EVENT_CHOICES.find((choice) => terraTypesOf(choice).some(isCovered)) ?? type;
}

/** Terra's types that a choice covers. */
export function terraTypesOf(choice: string): readonly string[] {
	return (Object.hasOwn(TYPES, choice) && TYPES[choice]!.terraTypes) || [choice];
}

/** What is known about a type of event; undefined for one that Terra added later. */
function eventType(type: string): EventType | undefined {
	const choice = choiceOf(type);
	return Object.hasOwn(TYPES, choice) ? TYPES[choice] : undefined;
}

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

/** Other spellings that Terra's documents use for the same event. */
const SAME_EVENT: Readonly<Record<string, string>> = {
	auth_success: 'auth',
	auth_error: 'auth_cancelled',
	s3_upload: 's3_payload',
};

/** Terra's newer names for the same events: `unified_api.activity.updated`. Deletions keep their own name. */
const NEWER_NAME = /^(?:unified_api\.)?(\w+)\.(?:created|updated)$|^unified_api\.(.+)$/;

function plainName(name: string): string {
	const spelled = name.trim().toLowerCase().replaceAll('-', '_');
	const [, changed, other] = NEWER_NAME.exec(spelled) ?? [];
	return changed ?? other ?? spelled;
}

/** @returns undefined when the body is not a Terra event: every event is an object with a `type` */
export function parseEvent(body: unknown): TerraEvent | undefined {
	if (!isObject(body)) return undefined;
	const name = plainName(asText(body.type) ?? '');
	if (name === '') return undefined;

	const type = Object.hasOwn(SAME_EVENT, name) ? SAME_EVENT[name]! : name;
	// The older form of a failed connection is an `auth` event that says "error".
	return { type: type === 'auth' && body.status === 'error' ? 'auth_cancelled' : type, body };
}

/**
 * The records in an event.
 *
 * @returns an empty list when a data event has none; undefined when the event as a whole is what matters
 */
export function recordsOf({ type, body }: TerraEvent): JsonObject[] | undefined {
	const known = eventType(type);
	if (known?.records) return known.records(body);
	// A list counts as a list of records, whatever the type.
	const { data } = body;
	return Array.isArray(data) && data.some(isObject) ? data.filter(isObject) : undefined;
}

/**
 * Whether `data` is something other than the records, or the one record, of this type of event. It may be missing: some
 * events only say that there was nothing.
 */
export function isMalformed(event: TerraEvent): boolean {
	const { data } = event.body;
	if (!eventType(event.type)?.records || isObject(data)) return false;
	if (!Array.isArray(data)) return data !== undefined && data !== null;
	return data.length > 0 && !data.some(isObject) && data.some((element) => element !== null);
}

/** Whether there is one record of this type for each day. */
export function isDailyType(type: string): boolean {
	return eventType(type)?.isDaily === true;
}

/** Whether an event is about a connection rather than about somebody's data. */
export function isConnectionEvent(event: TerraEvent): boolean {
	return eventType(event.type)?.isConnection === true;
}

/**
 * The user of an event. A re-authentication has a new and an old user, and the new one counts; a failed
 * connection has no user, only the reference ID it was started with.
 */
export function userOf({ body }: TerraEvent): EventUser {
	const user = [body.user, body.new_user, body.old_user].find(isObject) ?? {};
	return {
		user_id: idText(user.user_id),
		provider: asText(user.provider),
		reference_id:
			idText(user.reference_id) ??
			idText(body.reference_id) ??
			idText(asObject(body.data).reference_id),
	};
}

function anyId({ metadata, event_id, id, timestamp }: JsonObject): string | undefined {
	return [asObject(metadata).summary_id, event_id, id, timestamp].map(idText).find(Boolean);
}

/** The identity of a record of any type; undefined for a record without one. */
export function identityOf(type: string, record: unknown): string | undefined {
	return (eventType(type)?.identity ?? anyId)(asObject(record));
}

/** Whether the identities of this type are unique across all users. */
export function isGlobalType(type: string): boolean {
	return eventType(type)?.isGlobal === true;
}

/**
 * An ID as text: some providers number their records. A number beyond 2^53 is unusable, since its last digits were lost
 * when the JSON was parsed: two records could become one.
 */
export function idText(value: unknown): string | undefined {
	if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
	const text = asText(value);
	return text === undefined ? undefined : withoutControls(text) || undefined;
}
