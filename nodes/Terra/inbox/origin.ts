import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { clock } from '../transport';
import { begunIn } from './begun';
import { hasClaims, nodeIdOf } from './inbox';
import { tableOf } from './table';
import { DAY_MS } from '../terra/durations';

/** Where an item comes from, passed from `webhook()` to `execute()`. */
export interface Origin {
	/** A copy of the delivery has at least one of these in common. */
	ids: string[];
	/** The key of its record, the same for every version; null if there is none. */
	recordKey: string | null;
	/** When its record began, in Unix milliseconds, if known. */
	began: number | null;
	/** Whether the item is marked as new. */
	isNew: boolean;
	/** Whether later versions of a record are emitted, as updates. */
	emitsUpdates: boolean;
	/**
	 * The key of a record that was missing, so the trigger asked Terra for it: it is emitted only if it has not arrived
	 * meanwhile. Null for a delivery.
	 */
	mark: string | null;
}

/** Beside `json` and `binary`, where no workflow sees it. */
const ORIGIN = 'terraOrigin';

/** Enough for about five hundred deliveries: n8n reads and writes all keys with each execution. */
export const MAX_KEYS = 2_500;
/** The latest of one execution: a long history would push out everything else. */
const MAX_RECORDS = 250;
/** Older than anything that catching up looks for. All newer records are noted, or they would start again. */
const LOOKED_FOR_MS = 11 * DAY_MS;
/** The table is only a safety net, so nothing waits long for it. */
const LONGEST_WAIT_MS = 5_000;

export const withOrigin = (item: INodeExecutionData, origin: Origin): INodeExecutionData => ({
	...item,
	[ORIGIN]: origin as never,
});

interface Arrived {
	item: INodeExecutionData;
	origin: Origin | undefined;
}

/**
 * The items of an execution, without those of deliveries that another execution has processed. Processed deliveries are
 * in n8n's deduplication table, which, unlike the memory of `webhook()`, survives a restart and is the same in every
 * process.
 *
 * Never throws: if the table cannot be read, all items pass. They also pass when a person retries the execution, or n8n
 * does after a crash.
 */
export async function withoutRepeated(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const arrived = context.getInputData().map((input): Arrived => {
		const { [ORIGIN]: origin, ...item } = input;
		return { item, origin: origin as unknown as Origin | undefined };
	});
	const origins = arrived.flatMap(({ origin }) => origin ?? []);
	const isFirstRun = ['webhook', 'trigger'].includes(context.getMode());
	if (!isFirstRun || origins.length === 0) return arrived.map(({ item }) => item);

	const started = origins.flatMap(({ recordKey, mark }) => [recordKey ?? [], mark ?? []].flat());
	begunIn(nodeIdOf(context)).note(started, clock.now());
	try {
		const known = await recordAll(context, origins);
		if (attemptKeys(context).some((key) => known?.has(key))) return arrived.map(({ item }) => item);
		if (known) return arrived.flatMap((one) => unlessKnown(one, known));
		context.logger.warn("Terra Trigger could not read n8n's deduplication table in time");
	} catch (error) {
		context.logger.warn("Terra Trigger could not read n8n's deduplication table", { error });
	}
	return arrived.map(({ item }) => item);
}

async function recordAll(context: IExecuteFunctions, origins: Origin[]) {
	const deliveries = origins.flatMap(({ ids }) => ids.map(deliveryKey));
	const now = clock.now();
	const records = [...origins]
		.sort((a, b) => (b.began ?? 0) - (a.began ?? 0))
		.filter(({ began }, index) => index < MAX_RECORDS || (began ?? 0) > now - LOOKED_FOR_MS)
		.flatMap(({ recordKey, mark }) => [mark ?? [], recordKey ?? []].flat());
	const keys = [
		...[dayKey(now), hourKey(now), ...new Set(records.map(versionsKey))].flatMap(bothHalves),
		...new Set(deliveries),
		...attemptKeys(context),
	].slice(-MAX_KEYS);
	const nodeId = nodeIdOf(context);
	return await tableOf(nodeId).record(
		keys,
		async (asked) => {
			const { processed } = await context.helpers.checkProcessedAndRecord(asked, 'node', {
				mode: 'entries',
				maxEntries: MAX_KEYS,
			});
			return processed as string[];
		},
		// If this process also receives the deliveries, no other process writes.
		!hasClaims(nodeId),
		clock.deadline(LONGEST_WAIT_MS),
	);
}

function unlessKnown({ item, origin }: Arrived, known: Set<string>): INodeExecutionData[] {
	if (!origin) return [item];
	if (origin.ids.some((id) => known.has(deliveryKey(id)))) return [];
	const { recordKey, isNew, emitsUpdates, mark } = origin;
	if (mark !== null) return hasBegun(mark, known) ? [] : [item];
	if (!isNew || recordKey === null || !hasBegun(recordKey, known)) return [item];
	if (!emitsUpdates) return [];
	// The user may not have chosen the column.
	const status = 'status' in item.json && { status: 'updated' };
	return [{ ...item, json: { ...item.json, ...status } }];
}

const hasBegun = (recordKey: string, known: Set<string>): boolean =>
	bothHalves(versionsKey(recordKey)).every((half) => known.has(half));

const deliveryKey = (id: string) => `delivery ${id}`;
/** If a worker dies, n8n restarts its execution under the same ID: that is not a duplicate. */
const attemptKeys = (context: IExecuteFunctions): string[] => {
	// Without an ID all executions would look the same.
	const id = context.getExecutionId() as string | undefined;
	return id ? [`attempt ${id}`] : [];
};
export const versionsKey = (recordKey: string): string => `record ${recordKey}`;

/** Every execution notes the hour it runs in. While that is in the table, so is everything that began after the hour. */
export const hourKey = (at: number): string => `hour ${new Date(at).toISOString().slice(0, 13)}`;
/** The same for a day. */
export const dayKey = (at: number): string => `day ${new Date(at).toISOString().slice(0, 10)}`;

/**
 * Keys that a question looks up are noted in two halves. n8n cannot look up a key in the table without noting it: a
 * question that is cut short, or whose end another process overwrites, leaves first halves behind. Only a real execution
 * notes both.
 */
export const secondHalf = (key: string): string => `${key} begun`;

const bothHalves = (key: string): string[] => [key, secondHalf(key)];
