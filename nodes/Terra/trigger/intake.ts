import type { INodeExecutionData } from 'n8n-workflow';
import { Answer, withOrigin, type Admission, type Inbox } from '../inbox';
import { stateOf } from '../output';
import { DATA_TYPES, isMalformed, type TerraEvent } from '../terra/events';
import type { JsonObject } from '../terra/json';
import { recordKey } from '../terra/keys';
import { timesOf } from '../terra/recordTimes';
import { clock } from '../transport';
import { eventItem, recordItem, type Source } from './present';
import type { DeliveryDetails } from './request';
import { select } from './select';
import type { TriggerSettings } from './settings';
import { HOUR_MS } from '../terra/durations';

const CLOCK_TOLERANCE_MS = HOUR_MS;
const TERRA_BEGAN_MS = Date.UTC(2020);

/** An event, and where it came from. */
export interface Arrival {
	event: TerraEvent;
	details: DeliveryDetails;
	/** A copy has at least one of these in common. */
	ids: string[];
	source: Source;
	/** Set if the trigger asked Terra for this record because it was never delivered. */
	asked?: Asked;
}

export interface Asked {
	status: 'new' | 'updated';
	/** The key of the record, with its version if every version is wanted. */
	mark: string;
}

/** What to start the workflow with. */
export interface Intake {
	items: INodeExecutionData[];
	admission: Admission;
}

interface ReadRecord {
	record: JsonObject;
	key: string | null;
	state: ReturnType<typeof stateOf>;
}

/**
 * The only route into n8n for an event, wherever it came from: filters, memory, items.
 *
 * @returns what to start the workflow with, with an admission to settle; or the answer that says why not
 */
export async function takeIn(
	arrival: Arrival,
	settings: TriggerSettings,
	inbox: Inbox,
): Promise<Intake | Answer> {
	const { event, details, ids, asked } = arrival;
	if (isMalformed(event)) {
		return new Answer(
			400,
			`The data of this ${event.type} is neither a record nor a list of records.`,
		);
	}
	const selection = select(event, settings.filters);
	if (selection instanceof Answer) return selection;
	if (!asked && settings.settlesAfterMinutes !== undefined && canBeAskedFor(event)) {
		return new Answer(
			200,
			`noted: starts the workflow once unchanged for ${settings.settlesAfterMinutes} minutes`,
			'ignored',
		);
	}

	const read = selection.records?.map((record) => ({
		record,
		key: memoryKey(event, record),
		state: stateOf(event.type, record),
	}));
	const records = read && settings.dropsRepeated ? withoutCopies(read) : read;
	const admission = await inbox.admit({
		ids,
		// A pending ride is new once it is confirmed.
		recordKeys: (records ?? []).flatMap(({ key, state }) =>
			key === null || state === 'pending' ? [] : key,
		),
		emitted: emissionTime(details),
	});
	if (admission instanceof Answer) return admission;

	let items: INodeExecutionData[] | undefined;
	try {
		items = records
			? recordItems(records, arrival, settings, admission)
			: [marked(eventItem(event, details, settings), NO_RECORD, arrival, settings, admission)];
	} finally {
		if (!items) admission.settle(false);
	}
	if (items.length > 0) return { items, admission };
	// Other deliveries may rely on this one to write the memory.
	admission.store();
	admission.settle(true);
	return new Answer(200, 'filtered: emitted before, in this version or a later one');
}

function recordItems(
	records: ReadRecord[],
	arrival: Arrival,
	settings: TriggerSettings,
	admission: Admission,
): INodeExecutionData[] {
	const { event, details, source } = arrival;
	const items: INodeExecutionData[] = [];
	const before = new Set<string | null>();
	for (const { record, key, state } of records) {
		const version = arrival.asked?.status ?? admission.versionOf(key);
		const status = version === 'new' && before.has(key) ? 'updated' : version;
		before.add(key);
		const isChange = status === 'updated' || state !== null;
		if (status === 'outdated' || (isChange && !settings.emitsUpdates)) continue;
		const item = recordItem(event, record, status, details, source, settings);
		const isNew = status === 'new' && state === null;
		const known = state === 'pending' ? null : key;
		const began = timesOf(event.type, record, 'UTC').startInstant ?? null;
		items.push(marked(item, { key: known, began, isNew }, arrival, settings, admission));
	}
	return items;
}

const NO_RECORD = { key: null, began: null, isNew: false };

function marked(
	item: INodeExecutionData,
	{ key, began, isNew }: { key: string | null; began: number | null; isNew: boolean },
	{ ids, asked }: Arrival,
	{ emitsUpdates }: TriggerSettings,
	admission: Admission,
): INodeExecutionData {
	if (!admission.ids) return item;
	const mark = asked?.mark ?? null;
	return withOrigin(item, { ids, recordKey: key, began, isNew, emitsUpdates, mark });
}

const canBeAskedFor = ({ type }: TerraEvent) => (DATA_TYPES as string[]).includes(type);

/**
 * The header is not signed. A time in the future would make every later version look outdated, and a time from before
 * Terra existed (0, or seconds instead of milliseconds) would make this version look outdated.
 */
function emissionTime({ ordering_timestamp: time }: DeliveryDetails): number | undefined {
	if (time === null || time < TERRA_BEGAN_MS) return undefined;
	return time <= clock.now() + CLOCK_TOLERANCE_MS ? time : undefined;
}

/** Drops exact copies within one delivery; a record that differs is an update. */
function withoutCopies<T extends { key: string | null; record: JsonObject }>(records: T[]): T[] {
	const keys = records.map(({ key }) => key);
	if (new Set(keys).size === keys.length) return records;
	const seen = new Set<string>();
	return records.filter(({ key, record }) => {
		if (key === null) return true;
		const version = `${key} ${JSON.stringify(record)}`;
		return !seen.has(version) && seen.add(version);
	});
}

/** The same for every version of a record; null if Terra gave it no identity. */
export function memoryKey({ type, body }: TerraEvent, record: JsonObject): string | null {
	const key = recordKey(type, record, body.user);
	return key && `${type} ${key}`;
}
