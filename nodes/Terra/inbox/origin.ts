import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { clock } from '../transport';
import { begunIn } from './begun';
import { hasClaims, nodeIdOf } from './inbox';
import { tableOf } from './table';
import { DAY_MS } from '../terra/durations';

/** Where an item comes from, on the way from `webhook()` to `execute()`. */
export interface Origin {
	/** What a repetition of the delivery shares with it, any of them. */
	ids: string[];
	/** Of its record, the same for every version of it; null if there is none. */
	recordKey: string | null;
	/** When its record began, in Unix milliseconds, as far as it tells. */
	began: number | null;
	/** Whether the item says that its record is a new one. */
	isNew: boolean;
	/** Whether a later version of a record goes out, as an update. */
	emitsUpdates: boolean;
	/**
	 * Where Terra was asked for it, since nothing had brought it: what it is known by then. It goes out only if nothing has
	 * brought that meanwhile. Null for a delivery.
	 */
	mark: string | null;
}

/** Beside `json` and `binary`, where no workflow sees it. */
const ORIGIN = 'terraOrigin';

/** Of some five hundred deliveries: n8n reads and writes all of them with each execution. */
export const MOST_KEYS = 2_500;
/** Of one execution, the latest: a long history would push out everything else. */
const MOST_RECORDS = 250;
/** Catching up looks for what ended later: of that all is noted, or it would come again. */
const LOOKED_FOR_MS = 11 * DAY_MS;
/** The table is a net: nothing waits for it for long. */
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
 * The items of an execution without those of deliveries that another execution has had. What was seen is in n8n's
 * deduplication table, which outlives a restart and is the same in every process, as the memory of `webhook()` is not.
 *
 * Never throws: where the table cannot be read, all pass. So do all when an execution is repeated: by a person, or by
 * n8n after a crash.
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
		context.logger.warn("Terra Trigger could not look into n8n's deduplication table in time");
	} catch (error) {
		context.logger.warn("Terra Trigger could not look into n8n's deduplication table", { error });
	}
	return arrived.map(({ item }) => item);
}

async function recordAll(context: IExecuteFunctions, origins: Origin[]) {
	const deliveries = origins.flatMap(({ ids }) => ids.map(deliveryKey));
	const now = clock.now();
	const records = [...origins]
		.sort((a, b) => (b.began ?? 0) - (a.began ?? 0))
		.filter(({ began }, index) => index < MOST_RECORDS || (began ?? 0) > now - LOOKED_FOR_MS)
		.flatMap(({ recordKey, mark }) => [mark ?? [], recordKey ?? []].flat());
	const keys = [
		...[dayKey(now), hourKey(now), ...new Set(records.map(versionsKey))].flatMap(bothHalves),
		...new Set(deliveries),
		...attemptKeys(context),
	].slice(-MOST_KEYS);
	const nodeId = nodeIdOf(context);
	return await tableOf(nodeId).record(
		keys,
		async (asked) => {
			const { processed } = await context.helpers.checkProcessedAndRecord(asked, 'node', {
				mode: 'entries',
				maxEntries: MOST_KEYS,
			});
			return processed as string[];
		},
		// Where this process receives the deliveries, too, there is no other.
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
	// The column may not be among the chosen ones.
	const status = 'status' in item.json && { status: 'updated' };
	return [{ ...item, json: { ...item.json, ...status } }];
}

const hasBegun = (recordKey: string, known: Set<string>): boolean =>
	bothHalves(versionsKey(recordKey)).every((half) => known.has(half));

const deliveryKey = (id: string) => `delivery ${id}`;
/** n8n starts an execution again whose worker died, under the same ID: that is no repetition. */
const attemptKeys = (context: IExecuteFunctions): string[] => {
	// Without an ID nobody can tell; all of them would be the same.
	const id = context.getExecutionId() as string | undefined;
	return id ? [`attempt ${id}`] : [];
};
export const versionsKey = (recordKey: string): string => `record ${recordKey}`;

/** In the table from an execution of that hour on. While it is there, so is all that began after the hour. */
export const hourKey = (at: number): string => `hour ${new Date(at).toISOString().slice(0, 13)}`;
/** As the hour. */
export const dayKey = (at: number): string => `day ${new Date(at).toISOString().slice(0, 10)}`;

/**
 * What is asked for without being brought is noted in two halves. n8n cannot tell whether a key is in the table without
 * noting it: a question that is cut short, or whose end another process overwrites, leaves first halves behind. Only an
 * execution notes both.
 */
export const secondHalf = (key: string): string => `${key} begun`;

const bothHalves = (key: string): string[] => [key, secondHalf(key)];
