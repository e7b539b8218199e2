import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { DATA_TYPES, type DataType } from '../../terra/dataTypes';
import { isWithin, type DayRange } from '../../terra/days';
import { asObject, type JsonObject } from '../../terra/json';
import { identityOf } from '../../terra/identity';
import { Timeline } from '../../history/timeline';
import { judgeRecords } from '../../transport/verdict';
import { athleteFields, type Athlete } from '../../fields/athletes';
import { today } from '../../fields/inputs';
import { itemByItem, outputOf } from '../../n8n/items';
import { limitFields, readLimit } from '../../fields/limit';
import { isSinceLastRun, periodFields, readRange, SINCE_LAST_RUN } from '../../fields/period';
import { Run } from '../../n8n/run';
import { recordShapeFields, shapeFields } from '../../fields/view';
import { readShape, shapeRecord, type Shape } from '../../output';
import { askAthletes } from '../../history/askAthletes';
import { LastRun, lastRunOf } from './lastRun';
import { getManyOptions, readAtOnce, readOptions, type Options } from './options';
import { forgetSeen, rememberUnseen } from './seen';
import { requestWindows } from '../../history/requestWindows';

const show = { resource: [...DATA_TYPES], operation: ['getAll'] };

export const fields: INodeProperties[] = [
	...athleteFields(show),
	...periodFields(show, { withLastRun: true }),
	...limitFields({ show, hide: { period: [SINCE_LAST_RUN] } }),
	...shapeFields({ ...show, resource: ['activity'] }),
	...recordShapeFields({ ...show, resource: DATA_TYPES.filter((type) => type !== 'activity') }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show },
		options: getManyOptions,
	},
];

/** What an item of the workflow asks for. */
interface Wish extends Options {
	type: DataType;
	period: DayRange | LastRun;
	limit: number;
	shape: Shape;
}

/** What it gets. */
interface Found extends Wish {
	records: Array<{ key: string | undefined; value: JsonObject }>;
	missing: JsonObject[];
}

/** Gets the records of any range for one athlete or many, each once and in time order. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const type = this.getNodeParameter('resource', 0) as DataType;
	const run = new Run(this, readAtOnce.call(this));
	const results = await itemByItem(this, run.atOnce, async (item) => {
		return await find.call(this, item, readWish.call(this, item, type), run);
	});
	// Nothing is remembered before everything has succeeded, and never of an item that has not.
	const founds = results.flatMap((result) => ('value' in result ? [result.value] : []));
	await leaveOutSeen.call(
		this,
		founds.filter(({ onlyNew }) => onlyNew),
	);
	founds.forEach(({ period }) => period instanceof LastRun && period.save());
	const items = outputOf(results, ({ records, missing }) => [
		...records.map(({ value }) => value),
		...missing,
	]);
	if (items.length === 0) run.hint(NOTHING_FOUND);
	run.showHints();
	return items;
}

const NOTHING_FOUND =
	'Terra has nothing in this period. Just after an athlete has connected it may still be collecting; history from long before comes with the operation Request Backfill.';

function readWish(this: IExecuteFunctions, itemIndex: number, type: DataType): Wish {
	const wish = { ...readOptions.call(this, itemIndex), type, shape: readShape(this, itemIndex) };
	if (isSinceLastRun.call(this, itemIndex)) {
		const lastRun = lastRunOf(this, type, today.call(this));
		return { ...wish, period: lastRun, limit: Infinity };
	}
	const period = readRange.call(this, itemIndex);
	return { ...wish, period, limit: readLimit.call(this, itemIndex) };
}

async function find(
	this: IExecuteFunctions,
	itemIndex: number,
	wish: Wish,
	run: Run,
): Promise<Found> {
	// How many of the records are new is known only at the end.
	const timeline = new Timeline<JsonObject>(wish.order, wish.onlyNew ? Infinity : wish.limit);
	const missing = await askAthletes.call(this, {
		run,
		itemIndex,
		patience: run.patience(wish.longestWaitMs),
		dataType: wish.type,
		ifDaysMissing: wish.ifDaysMissing,
		fetch: async (athlete) => await fetchAthlete.call(this, athlete, wish, run, timeline),
	});
	return { ...wish, records: timeline.list(), missing };
}

async function fetchAthlete(
	this: IExecuteFunctions,
	athlete: Athlete,
	{ type, period, ...wish }: Wish,
	run: Run,
	timeline: Timeline<JsonObject>,
) {
	const { user_id: userId } = athlete;
	const lastRun = period instanceof LastRun ? period : undefined;
	const range = period instanceof LastRun ? period.rangeFor(userId) : period;

	const outcome = await requestWindows.call(this, {
		run,
		type,
		userId,
		range,
		order: wish.order,
		daysPerRequest: wish.daysPerRequest,
		// With a limit the next request may not be needed any more.
		atOnce: wish.limit === Infinity ? wish.requestsAtOnce : 1,
		patience: run.patience(wish.longestWaitMs),
		timeoutMs: wish.timeoutMs,
		query: { to_webhook: false, with_samples: wish.withSamples },
		judge: judgeRecords,
		take: ({ user = athlete, records }, window) => {
			for (const record of records) {
				const { start_time } = asObject(record.metadata);
				if (!isWithin(start_time, range)) continue;
				const key = identityOf(type, record);
				lastRun?.note(userId, key, start_time);
				if (lastRun?.wasSeen(userId, key)) continue;
				const fullKey = key === undefined ? undefined : `${type}:${userId}:${key}`;
				timeline.add(fullKey, start_time, shapeRecord(type, record, user, wish.shape));
			}
			return timeline.isFullAfter(window);
		},
	});
	if (outcome.gaps.length === 0) lastRun?.complete(userId);
	else lastRun?.forget(userId);
	return outcome;
}

async function leaveOutSeen(this: IExecuteFunctions, founds: Found[]): Promise<void> {
	const keys = founds.flatMap(({ records }) => records.flatMap(({ key }) => key ?? []));
	const unseen = await rememberUnseen.call(this, [...new Set(keys)]);
	const tooMany: string[] = [];
	for (const found of founds) {
		const fresh = found.records.filter(({ key }) => key === undefined || unseen.delete(key));
		tooMany.push(...fresh.slice(found.limit).flatMap(({ key }) => key ?? []));
		found.records = fresh.slice(0, found.limit);
	}
	await forgetSeen.call(this, tooMany);
}
