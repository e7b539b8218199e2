import type { IExecuteFunctions } from 'n8n-workflow';
import { addDays, localDay, type Day, type DayRange } from '../../terra/days';
import { identityOf } from '../../terra/identity';
import { asObject, type JsonObject } from '../../terra/json';
import type { Patience } from '../../transport/retry';
import { judgeRecords, type Refusal } from '../../transport/verdict';
import { DAYS_PER_REQUEST, DAYS_PER_REQUEST_WITH_SAMPLES } from '../records/options';
import { requestWindows } from '../../history/requestWindows';
import { today } from '../../fields/inputs';
import type { Run } from '../../n8n/run';

/** Farther back only with the day: a search costs days of the athlete's hourly allowance at Terra. */
export const SEARCHED_DAYS = 365;

export interface Wanted {
	run: Run;
	patience: Patience;
	timeoutMs: number;
	userId: string;
	/** What a row's key has behind the user's ID. */
	identity: string;
	/** The athlete's day of the start, if known. */
	day?: Day;
}

export interface FoundActivity {
	activity: JsonObject;
	user: JsonObject;
}

/** What was found, or what Terra withheld of the days that were looked through. */
interface Outcome {
	found?: FoundActivity;
	refusal?: Refusal;
}

/** One activity with its samples. Terra has no request for one, so it is looked for by day. */
export async function findActivity(this: IExecuteFunctions, wanted: Wanted): Promise<Outcome> {
	if (wanted.day) return await look.call(this, wanted, { from: wanted.day, to: wanted.day }, true);

	const to = today.call(this);
	const range = { from: addDays(to, 1 - SEARCHED_DAYS), to };
	const { found, refusal } = await look.call(this, wanted, range, false);
	const day = localDay(asObject(found?.activity.metadata).start_time);
	if (day === undefined) return { refusal };
	return await look.call(this, wanted, { from: day, to: day }, true);
}

async function look(
	this: IExecuteFunctions,
	{ run, patience, timeoutMs, userId, identity }: Wanted,
	range: DayRange,
	withSamples: boolean,
): Promise<Outcome> {
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
				const activity = records.find((record) => identityOf('activity', record) === identity);
				if (activity) found = { activity, user };
				return activity !== undefined;
			},
		}),
	);
	return found ? { found } : { refusal: refusal ?? gaps[0]?.reason };
}
