import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Version } from '../inbox';
import { fileProblem, forSheet, present, presentRide, rideFile } from '../output';
import { enclosed } from './files';
import { rideOf } from '../ride/ride';
import { scalarRow } from '../rows/recordRow';
import { cell } from '../text/cells';
import { userOf, type TerraEvent } from '../terra/events';
import { isObject, type JsonObject } from '../terra/json';
import type { DeliveryDetails } from './request';
import type { TriggerSettings } from './settings';

/** The columns that rows have only in the trigger. */
export const DELIVERY_COLUMNS = [
	{ name: 'event_type', description: "Terra's type of event" },
	{ name: 'trace_id', description: 'The same for a delivery and all its retries' },
	{
		name: 'terra_reference',
		description: 'The reference that Request Backfill returned, if the delivery answers one',
	},
	{
		name: 'ordering_timestamp',
		description: 'When Terra sent it: of two versions the later one counts',
		unit: 'Unix ms',
	},
	{
		name: 'source',
		description: '"webhook", or "catch-up", "settled" or "polling" if the trigger asked Terra',
	},
] as const;

/** Where an event came from. */
export type Source = 'webhook' | 'catch-up' | 'settled' | 'polling';

/** One record of an event as an item. `status` is null if it is unknown whether it is new. */
export function recordItem(
	event: TerraEvent,
	record: JsonObject,
	status: Version | null,
	delivery: DeliveryDetails,
	source: Source,
	{ view, attachFile, pictureTheme: theme }: TriggerSettings,
): INodeExecutionData {
	const { type, body } = event;
	const extras = view.simplify
		? { event_type: type, ...cells(delivery), source }
		: { version: body.version ?? null, delivery, source };
	// A lab report has no user, only the reference ID.
	const user = body.user ?? userOf(event);
	const plain = () => present(type, record, user, view, { status }, extras) as IDataObject;
	if (type !== 'activity') return { json: plain() };

	const ride = rideOf(record, user, view.timezone);
	const json = view.simplify ? presentRide(ride, view, { status }, extras) : plain();
	if (attachFile === undefined) return { json: json as IDataObject };

	try {
		const units = view.units === 'imperial' ? 'imperial' : 'metric';
		const file = rideFile(attachFile, ride, { units, theme, picture: 'png' });
		return { json: { ...json, file_name: file.name }, binary: enclosed(file) };
	} catch (error) {
		// Whatever happens, emit the item: a ride must not be lost because of its file.
		return { json: { ...json, file_problem: fileProblem(error) } };
	}
}

/** An event that has no records, such as a connection: as a flat row, or as Terra sent it. */
export function eventItem(
	event: TerraEvent,
	delivery: DeliveryDetails,
	{ view }: TriggerSettings,
): INodeExecutionData {
	const { type, body } = event;
	if (!view.simplify) return { json: { ...body, type, delivery } as IDataObject };

	const { user_id, reference_id, provider } = userOf(event);
	const row: JsonObject = {
		event_type: type,
		user_id: cell(user_id),
		reference_id: cell(reference_id),
		provider: cell(provider),
	};
	if (isObject(body.old_user)) row.old_user_id = cell(body.old_user.user_id);
	for (const [name, value] of Object.entries(body)) {
		if (name !== 'type' && !Object.hasOwn(row, name) && !(value instanceof Object)) {
			Object.defineProperty(row, name, { value: cell(value), enumerable: true });
		}
	}
	// A lab report's content is in `data`. The event's own columns come first, and are not overwritten.
	const all = { ...row, ...scalarRow(body.data), ...row, ...cells(delivery), source: 'webhook' };
	return { json: forSheet(all, view) as IDataObject };
}

function cells({ trace_id, terra_reference, ordering_timestamp }: DeliveryDetails) {
	return {
		trace_id: cell(trace_id),
		terra_reference: cell(terra_reference),
		ordering_timestamp,
	};
}
