import type { IExecuteFunctions } from 'n8n-workflow';
import { addDays, localDay, type Day, type DayRange } from '../../terra/days';
import { asObject, type JsonObject } from '../../terra/json';
import type { Patience } from '../../transport/insist';
import { refusalError } from '../../transport/request';
import { judgeRecords } from '../../transport/verdict';
import { DAYS_PER_REQUEST, DAYS_PER_REQUEST_WITH_SAMPLES } from '../history/options';
import { requestWindows } from '../history/requestWindows';
import { today } from '../shared/inputs';
import type { Run } from '../shared/run';

/** Farther back only with the day: a search costs days of the athlete's hourly allowance at Terra. */
export const SEARCHED_DAYS = 365;

export interface Wanted {
	run: Run;
	itemIndex: number;
	patience: Patience;
	timeoutMs: number;
	userId: string;
	summaryId: string;
	/** The athlete's day of the start, if known. */
	day?: Day;
}

export interface FoundActivity {
	activity: JsonObject;
	user: JsonObject;
}

/**
 * One activity with its samples. Terra has no request for one, so it is looked for by day.
 *
 * @throws NodeApiError when Terra refuses
 */
export async function findActivity(
	this: IExecuteFunctions,
	wanted: Wanted,
): Promise<FoundActivity | undefined> {
	const day = wanted.day ?? (await findDay.call(this, wanted));
	if (day === undefined) return undefined;
	return await look.call(this, wanted, { from: day, to: day }, true);
}

async function findDay(this: IExecuteFunctions, wanted: Wanted): Promise<Day | undefined> {
	const to = today.call(this);
	const range = { from: addDays(to, 1 - SEARCHED_DAYS), to };
	const found = await look.call(this, wanted, range, false);
	return localDay(asObject(found?.activity.metadata).start_time);
}

async function look(
	this: IExecuteFunctions,
	{ run, itemIndex, patience, timeoutMs, userId, summaryId }: Wanted,
	range: DayRange,
	withSamples: boolean,
): Promise<FoundActivity | undefined> {
	let found: FoundActivity | undefined;
	const { gaps, refusal } = await run.turns.take(userId, async () =>
		requestWindows.call(this, {
			run,
			type: 'activity',
			userId,
			range,
			order: 'newest',
			daysPerRequest: withSamples ? DAYS_PER_REQUEST_WITH_SAMPLES : DAYS_PER_REQUEST,
			patience,
			timeoutMs,
			query: { to_webhook: false, with_samples: withSamples },
			judge: judgeRecords,
			take: ({ user = { user_id: userId }, records }) => {
				const activity = records.find(
					({ metadata }) => asObject(metadata).summary_id === summaryId,
				);
				if (activity) found = { activity, user };
				return activity !== undefined;
			},
		}),
	);
	const reason = refusal ?? gaps[0]?.reason;
	if (!found && reason) throw refusalError.call(this, reason, itemIndex);
	return found;
}
