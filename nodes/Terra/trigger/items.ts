import { activityKey, type TerraEvent } from '../terra/events';
import type { JsonObject } from '../terra/json';
import type { Version } from './deliveries';

/** What Terra says about a delivery in its headers. */
export interface DeliveryDetails {
	/** The same on every repetition of one delivery, different for every other. */
	trace_id: string | null;
	/** The `reference` that a historical request answered with; shared by all its deliveries. */
	terra_reference: string | null;
	/** Unix milliseconds at which Terra emitted the event: the later version of a record has the later one. */
	ordering_timestamp: number | null;
}

/** The event as a whole: what Terra sent, with its type in one spelling and with the records that are wanted. */
export function eventItem(
	{ type, body }: TerraEvent,
	delivery: DeliveryDetails,
	records?: JsonObject[],
): JsonObject {
	const event = { ...body, type, delivery };
	return records && Array.isArray(body.data) ? { ...event, data: records } : event;
}

/** One record of an event. `status` is null where nobody knows whether it is new. */
export function recordItem(
	{ type, body }: TerraEvent,
	record: JsonObject,
	status: Version | null,
	delivery: DeliveryDetails,
): JsonObject {
	const { user = null, version = null } = body;
	const activity = type === 'activity' && {
		activity_key: activityKey(user, record) ?? null,
		status,
	};
	return { type, ...activity, user, data: record, version, delivery };
}
