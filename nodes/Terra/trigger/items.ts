import { activityKey, recordsOf, type TerraEvent } from '../terra/events';
import type { JsonObject } from '../terra/json';

/** What Terra says about a delivery in its headers. */
export interface DeliveryDetails {
	/** The same on every retry of one delivery, different for every other. */
	trace_id: string | null;
	/** The `reference` that a historical request answered with; shared by all its deliveries. */
	reference: string | null;
	/** Unix milliseconds at which Terra emitted the event: the later version of a record has the later one. */
	ordering_timestamp: number | null;
}

/**
 * One item per record; one for an event that has no records, such as a connection.
 *
 * @returns an empty list for a data event without data
 */
export function toItems(event: TerraEvent, delivery: DeliveryDetails): JsonObject[] {
	const records = recordsOf(event);
	if (records === undefined) return [{ ...event.body, type: event.type, delivery }];

	const { user = null, version = null } = event.body;
	return records.map((data) => ({
		type: event.type,
		...(event.type === 'activity' && { activity_key: activityKey(user, data) ?? null }),
		user,
		data,
		version,
		delivery,
	}));
}
