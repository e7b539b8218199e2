import { UNKNOWN_ATHLETE, type AthleteNumbers } from '../ride/athlete';
import { rideOf, type Ride } from '../ride/ride';
import type { Units } from '../ride/units';
import { rideSentence, slackBlocks } from '../rows/messages';
import { figureRow } from '../rows/figureColumns';
import { lapRows } from '../rows/lapRow';
import { keyColumn, recordRow } from '../rows/recordRow';
import {
	ESSENTIAL_COLUMNS,
	ESSENTIAL_WITH_STATUS,
	pick,
	rideRow,
	type RowContext,
} from '../rows/rideRow';
import { recordKey } from '../terra/keys';
import { asObject, type JsonObject } from '../terra/json';
import { uploadState } from '../terra/activityTypes';
import type { Times } from '../terra/times';
import { protectText } from '../text/cells';

/** How records become items: what the person chose in the fields of `viewFields`. */
export interface View {
	simplify: boolean;
	columns: 'essential' | 'full' | 'selected';
	selectedColumns: string[];
	/** Choices of 'Computed Figures'. */
	figures: readonly string[];
	/** Whether a row is a lap instead of an activity. */
	laps: boolean;
	/** The athlete's numbers, for the figures. */
	athlete: AthleteNumbers;
	/** Whether to add a sentence that sums up the ride. */
	sentence: boolean;
	/** Whether to add Slack blocks. */
	slack: boolean;
	times: Times;
	units: Units;
	/** Whether text must stay text in a sheet that interprets its input. */
	protectText: boolean;
	/** Of the workflow, for records whose times are in UTC. */
	timezone: string;
}

/** For items whose main content is something else, such as a file. */
export const essentialView = (timezone: string): View => ({
	simplify: true,
	columns: 'essential',
	selectedColumns: [],
	figures: [],
	laps: false,
	athlete: UNKNOWN_ATHLETE,
	sentence: false,
	slack: false,
	times: 'sent',
	units: 'terra',
	protectText: false,
	timezone,
});

/**
 * One record as an item: a flat row, or what Terra sent together with the record's user.
 *
 * @param extras further columns, not among the essential ones
 */
export function present(
	type: string,
	record: JsonObject,
	user: unknown,
	view: View,
	context: RowContext = {},
	extras: JsonObject = {},
): JsonObject {
	if (!view.simplify) {
		const status = stateOf(type, record) ?? context.status;
		return {
			type,
			[keyColumn(type)]: recordKey(type, record, user),
			...(status && { status }),
			user,
			data: record,
			...extras,
		};
	}
	if (type !== 'activity') {
		return forSheet({ ...recordRow(type, record, user, context, view), ...extras }, view);
	}
	return presentRide(rideOf(record, user, view.timezone), view, context, extras);
}

/** An activity as a row, for callers that also need its samples, so that these are merged only once. */
export function presentRide(
	ride: Ride,
	view: View,
	context: RowContext = {},
	extras: JsonObject = {},
): JsonObject {
	const row = { ...rideRow(ride, context, view), ...extras };
	const hasStatus = context.status !== undefined || row.status !== null;
	return {
		...forSheet(columnsOf(row, view, hasStatus), view),
		...figureRow(ride, view.figures, view.athlete),
		...messages(ride, view),
	};
}

/** The laps of an activity as rows. */
export function presentLaps(record: JsonObject, user: unknown, view: View): JsonObject[] {
	const ride = rideOf(record, user, view.timezone);
	return lapRows(ride, view).map((row) => forSheet(row, view));
}

/** Terra's state of an activity that does not count: "deleted" or "pending". */
export function stateOf(type: string, { metadata }: JsonObject): 'deleted' | 'pending' | null {
	return type === 'activity' ? uploadState(asObject(metadata).upload_type) : null;
}

/** A row with its text as the view wants it. */
export function forSheet(row: JsonObject, view: View): JsonObject {
	return view.protectText ? protectText(row) : row;
}

function columnsOf(
	row: JsonObject,
	{ columns, selectedColumns }: View,
	hasStatus: boolean,
): JsonObject {
	if (columns === 'essential') {
		return pick(row as never, hasStatus ? ESSENTIAL_WITH_STATUS : ESSENTIAL_COLUMNS);
	}
	if (columns === 'selected') return pick(row as never, selectedColumns);
	return row;
}

function messages(ride: Ride, { sentence, slack, units }: View): JsonObject {
	return {
		...(sentence && { sentence: rideSentence(ride, units) }),
		...(slack && { slack: { blocks: slackBlocks(ride, units) } }),
	};
}
