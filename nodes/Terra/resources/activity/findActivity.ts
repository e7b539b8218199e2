import { Coverage } from '../../history';
import type { Services } from '../../n8n';
import { addDays, type DateWindow, type Day, type DayRange } from '../../terra/days';
import { identityOf } from '../../terra/events';
import type { JsonObject } from '../../terra/json';
import { searchedRange } from '../../terra/periods';
import { timesOf } from '../../terra/recordTimes';
import { mergeUser, type TerraError, type User } from '../../transport';

export interface ActivityQuery {
	athlete: User;
	/** The part of a row's key after its owner. */
	identity: string;
	/** The day of the start on the athlete's clock, if known. */
	day?: Day;
	longestWaitMs: number;
}

/** The activity, or why some of the days could not be searched. */
interface SearchResult {
	found?: { activity: JsonObject; user: JsonObject; window: DateWindow };
	error?: TerraError;
}

/** One activity with its samples. Terra has no request for one, so this searches by day. */
export async function findActivity(
	query: ActivityQuery,
	services: Services,
): Promise<SearchResult> {
	if (query.day) return await search(query, { from: query.day, to: query.day }, true, services);

	const range = searchedRange(services.today);
	const { found, error } = await search(query, range, false, services);
	if (!found) return { error };
	const { day } = timesOf('activity', found.activity, services.timezone);
	return await search(query, daysToSearch(day, found.window), true, services);
}

/** The day of the ride; if the device recorded none or a wrong one, the days under which Terra has it. */
function daysToSearch(day: Day | undefined, { start_date, end_date }: DateWindow): DayRange {
	const isAmong = day !== undefined && day >= addDays(start_date, -1) && day <= end_date;
	return isAmong ? { from: day, to: day } : { from: start_date, to: addDays(end_date, -1) };
}

async function search(
	{ athlete, identity, longestWaitMs }: ActivityQuery,
	range: DayRange,
	withSamples: boolean,
	{ history, completeUser }: Services,
): Promise<SearchResult> {
	const coverage = new Coverage(range);
	const query = {
		type: 'activity',
		userId: athlete.user_id,
		range,
		order: 'newest',
		withSamples,
		mayStop: true,
		longestWaitMs,
	} as const;
	return await history.forUser(athlete.user_id, async () => {
		for await (const event of history.fetch(query)) {
			coverage.note(event);
			if (event.kind !== 'record' || identityOf('activity', event.record) !== identity) continue;
			const user = await completeUser(mergeUser(athlete, event.user), { longestWaitMs });
			return { found: { activity: event.record, user, window: event.window } };
		}
		return { error: coverage.error };
	});
}
