import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { isWithin } from '../../terra/days';
import { asObject, type JsonObject } from '../../terra/json';
import { identityOf } from '../../terra/identity';
import { instantOf, Timeline } from '../../history/timeline';
import { refusalError } from '../../transport/client';
import { judgeRecords, type Refusal } from '../../transport/verdict';
import { askAthletes } from '../../history/askAthletes';
import { DAYS_PER_REQUEST_WITH_SAMPLES, readAtOnce, readOptions } from '../records/options';
import { requestWindows } from '../../history/requestWindows';
import { readAthletes } from '../../fields/athletes';
import { dayFrom, isEmpty } from '../../fields/inputs';
import { itemByItem, itemsOf } from '../../n8n/items';
import { readLimit } from '../../fields/limit';
import { readRange } from '../../fields/period';
import { Run } from '../../n8n/run';
import { exportFields } from './exportFields';
import { fileItem, readFileWish } from './fileItem';
import { findActivity, SEARCHED_DAYS } from './findActivity';

export const fields = exportFields;

/** Writes activities, read with their samples, to files: an item for each. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const run = new Run(this, readAtOnce.call(this));
	const results = await itemByItem(this, run.atOnce, async (item) =>
		this.getNodeParameter('activities', item) === 'period'
			? await exportPeriod.call(this, item, run)
			: await exportOne.call(this, item, run),
	);
	run.showHints();
	return itemsOf(results);
}

async function exportPeriod(
	this: IExecuteFunctions,
	itemIndex: number,
	run: Run,
): Promise<INodeExecutionData[]> {
	const wish = readFileWish.call(this, itemIndex);
	const range = readRange.call(this, itemIndex);
	const limit = readLimit.call(this, itemIndex);
	const { longestWaitMs, timeoutMs, ifDaysMissing } = readOptions.call(this, itemIndex);
	const patience = run.patience(longestWaitMs);
	const files = new Timeline<INodeExecutionData | NodeOperationError>('newest', limit);
	const written = new Set<string>();

	const missing = await askAthletes.call(this, {
		run,
		itemIndex,
		patience,
		dataType: 'activity',
		ifDaysMissing,
		fetch: async (athlete) =>
			await requestWindows.call(this, {
				run,
				type: 'activity',
				userId: athlete.user_id,
				range,
				order: 'newest',
				daysPerRequest: DAYS_PER_REQUEST_WITH_SAMPLES,
				patience,
				timeoutMs,
				query: { to_webhook: false, with_samples: true },
				judge: judgeRecords,
				take: async ({ user = athlete, records }, window) => {
					for (const record of newestFirst(records)) {
						const { start_time } = asObject(record.metadata);
						const id = identityOf('activity', record);
						const key = id === undefined ? undefined : `${athlete.user_id}:${id}`;
						if (!isWithin(start_time, range)) continue;
						// One that crosses the border of two requests is in both.
						if (key !== undefined && written.has(key)) continue;
						if (!files.hasRoomFor(start_time)) continue;
						if (key !== undefined) written.add(key);
						// At once, so that not all samples are in memory.
						const file = await fileItem.call(this, record, user, wish);
						// With a limit, what follows may push it out.
						if (file instanceof NodeOperationError && limit === Infinity) throw file;
						files.add(key, start_time, file);
					}
					return files.isFullAfter(window);
				},
			}),
	});
	const pairedItem = { item: itemIndex };
	return [
		...files.list().map(({ value }) => unlessImpossible(value)),
		...missing.map((json) => ({ json: json as IDataObject, pairedItem })),
	];
}

/** Terra promises no order within an answer, and what is beyond the limit need not be written. */
function newestFirst(records: JsonObject[]): JsonObject[] {
	const startOf = ({ metadata }: JsonObject) =>
		instantOf(asObject(metadata).start_time) ?? -Infinity;
	return [...records].sort((a, b) => startOf(b) - startOf(a));
}

function unlessImpossible(file: INodeExecutionData | NodeOperationError): INodeExecutionData {
	if (file instanceof NodeOperationError) throw file;
	return file;
}

async function exportOne(
	this: IExecuteFunctions,
	itemIndex: number,
	run: Run,
): Promise<INodeExecutionData[]> {
	const wish = readFileWish.call(this, itemIndex);
	const { longestWaitMs, timeoutMs } = readOptions.call(this, itemIndex);
	const patience = run.patience(longestWaitMs);
	const { userId, identity } = readKey.call(this, itemIndex);
	const day = this.getNodeParameter('options.day', itemIndex, '');

	const athletes = userId ? [{ user_id: userId }] : readAthletes.call(this, itemIndex, patience);
	let refusal: Refusal | undefined;
	for await (const { user_id } of athletes) {
		const outcome = await findActivity.call(this, {
			run,
			patience,
			timeoutMs,
			userId: user_id,
			identity,
			day: isEmpty(day) ? undefined : dayFrom.call(this, day, 'Day', itemIndex),
		});
		const { found } = outcome;
		if (found) {
			return [unlessImpossible(await fileItem.call(this, found.activity, found.user, wish))];
		}
		// Another connection of the same person may have it.
		refusal ??= outcome.refusal;
	}
	if (refusal) throw refusalError.call(this, refusal, itemIndex);
	throw new NodeOperationError(this.getNode(), 'Terra has no such activity', {
		itemIndex,
		description: isEmpty(day)
			? `It is not among the last ${SEARCHED_DAYS} days of this user. Check 'Activity Key or Summary ID'; for an older activity enter its 'Day' under Options.`
			: "It is not among those of this user and day. Check 'Activity Key or Summary ID', and 'Day' under Options: it is the athlete's own.",
	});
}

/** An activity key begins with the user's ID, and a colon; a summary ID can have a colon of its own. */
const ACTIVITY_KEY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(.+)$/i;

function readKey(
	this: IExecuteFunctions,
	itemIndex: number,
): { userId?: string; identity: string } {
	const text = String(this.getNodeParameter('activityKey', itemIndex) ?? '').trim();
	if (text === '') {
		throw new NodeOperationError(this.getNode(), "'Activity Key or Summary ID' is empty", {
			itemIndex,
			description:
				'Enter the activity_key of a ride. If the field is an expression, the item before has no such value.',
		});
	}
	const [, userId, identity = text] = ACTIVITY_KEY.exec(text) ?? [];
	return { userId: userId?.toLowerCase(), identity };
}
