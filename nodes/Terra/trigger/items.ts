import { cell, idCell } from '../text/cells';
import { scalars } from '../rows/simplify';
import { shapeRecord, type Shape } from '../output';
import { userOf, type TerraEvent } from '../terra/events';
import { isObject, type JsonObject } from '../terra/json';
import type { Version } from '../inbox/deliveries';

/** What Terra says about a delivery in its headers. */
export interface DeliveryDetails extends JsonObject {
	/** The same on every repetition of one delivery, different for every other. */
	trace_id: string | null;
	/** The `reference` that a historical request answered with; shared by all its deliveries. */
	terra_reference: string | null;
	/** Unix milliseconds at which Terra emitted the event: the later version of a record has the later one. */
	ordering_timestamp: number | null;
}

/** The columns that rows have only in the trigger. */
export const DELIVERY_COLUMNS = [
	{ name: 'event_type', description: "Terra's type of event" },
	{ name: 'trace_id', description: 'One delivery and all its repetitions have the same' },
	{
		name: 'terra_reference',
		description: 'The reference that Request Backfill gave, where the delivery answers one',
	},
	{
		name: 'ordering_timestamp',
		description: 'When Terra sent it: of two versions, the later one counts',
		unit: 'Unix ms',
	},
] as const;

/** One record of an event. `status` is null where nobody knows whether it is new. */
export function recordItem(
	{ type, body }: TerraEvent,
	record: JsonObject,
	status: Version | null,
	delivery: DeliveryDetails,
	shape: Shape,
): JsonObject {
	const extras = shape.simplify
		? { event_type: type, ...cells(delivery) }
		: { version: body.version ?? null, delivery };
	return shapeRecord(type, record, body.user, shape, { status: status ?? undefined }, extras);
}

/** The event as a whole, with only the records that are wanted. */
export function wholeEventItem(
	{ type, body }: TerraEvent,
	records: JsonObject[],
	delivery: DeliveryDetails,
): JsonObject {
	return { ...body, type, ...(Array.isArray(body.data) && { data: records }), delivery };
}

/** An event that has no records, such as a connection: as a flat row, or as Terra sent it. */
export function eventItem(event: TerraEvent, delivery: DeliveryDetails, shape: Shape): JsonObject {
	const { type, body } = event;
	if (!shape.simplify) return { ...body, type, delivery };

	const { user_id, reference_id, provider } = userOf(event);
	const row: JsonObject = {
		event_type: type,
		user_id: idCell(user_id),
		reference_id: idCell(reference_id),
		provider: idCell(provider),
	};
	if (isObject(body.old_user)) row.old_user_id = idCell(body.old_user.user_id);
	for (const [name, value] of Object.entries(body)) {
		if (name !== 'type' && !Object.hasOwn(row, name) && !(value instanceof Object)) {
			Object.defineProperty(row, name, { value: cell(value), enumerable: true });
		}
	}
	// All that a lab report says is in there; the event's own columns come first, and stay as they are.
	return { ...row, ...scalars(body.data), ...row, ...cells(delivery) };
}

function cells({ trace_id, terra_reference, ordering_timestamp }: DeliveryDetails) {
	return {
		trace_id: idCell(trace_id),
		terra_reference: idCell(terra_reference),
		ordering_timestamp,
	};
}
