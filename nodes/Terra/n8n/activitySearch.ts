import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { readUser } from '../fields/user';
import { dayIn } from '../fields/values';
import { createHistoryRun, Timeline, type HistoryRun } from '../history';
import { figuresOf } from '../ride/figures';
import { rideOf, titleOf, type Ride } from '../ride/ride';
import { addDays, isWithin, later, type DayRange } from '../terra/days';
import { searchedRange } from '../terra/periods';
import { athletesFor, clock, userCompleter, mergeUser, type User } from '../transport';
import { searching } from './listSearch';

/** Days in one step of the list: with the extra day at each end, Terra returns them in one request. */
const DAYS_PER_LOOK = 26;

/** With fewer rides than this in a step, the next step follows at once. */
const ENOUGH = 10;

/** A person is waiting for the list, so the waits are short. */
const NO_WAIT = { longestWaitMs: 0 };

/** For the activity picker: the athlete's rides of the last year whose day, name or figures contain the text. */
export async function searchActivities(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase();
	return await searching(this, async (client) => {
		const query = readUser({ user: this.getCurrentNodeParameter('user') });
		const timezone = this.getTimezone();
		const { from, to: today } = searchedRange(dayIn(timezone, new Date(clock.now())));
		const history = createHistoryRun(client);
		const completeUser = userCompleter(client);
		const users: User[] = [];
		for await (const user of athletesFor(query, client, NO_WAIT)) {
			users.push(await completeUser(user, NO_WAIT));
		}

		const results: INodeListSearchResult['results'] = [];
		let to = paginationToken ?? today;
		while (to >= from && results.length < ENOUGH) {
			const start = later(addDays(to, 1 - DAYS_PER_LOOK), from);
			const range = { from: start, to, ...(to === today && { isOpen: true as const }) };
			for (const ride of await ridesOf(users, range, history, timezone)) {
				const [name, value] = [nameOf(ride), ride.key!];
				// A ride without a date appears in every step.
				const isListed = results.some((one) => one.value === value);
				if (!isListed && name.toLowerCase().includes(wanted)) results.push({ name, value });
			}
			to = addDays(start, -1);
		}
		return { results, paginationToken: to >= from ? to : undefined };
	});
}

/**
 * The rides of a person, the newest first.
 *
 * @throws TerraError if there are none because Terra failed
 */
async function ridesOf(
	users: User[],
	range: DayRange,
	history: HistoryRun,
	timezone: string,
): Promise<Ride[]> {
	const rides = new Timeline<Ride>('newest');
	let failure: Error | undefined;
	for (const user of users) {
		const events = history.fetch({
			type: 'activity',
			userId: user.user_id,
			range,
			order: 'newest',
			withSamples: false,
			...NO_WAIT,
		});
		for await (const event of events) {
			if (event.kind === 'gap') failure = event.error;
			if (event.kind !== 'record') continue;
			const ride = rideOf(event.record, mergeUser(user, event.user), timezone);
			if (ride.key === null || ride.state !== null) continue;
			if (isWithin(ride.times.day, range)) rides.add(ride.key, ride.times, ride);
		}
	}
	const found = rides.list().map(({ value }) => value);
	if (found.length === 0 && failure) throw failure;
	return found;
}

/** "2026-11-21 Girona sweet-spot loop, 30.6 km, 1:02:33" */
function nameOf(ride: Ride): string {
	const { distance, duration } = figuresOf(ride, 'metric');
	const title = [ride.localDate, titleOf(ride)].filter(Boolean).join(' ');
	return [title, distance?.text, duration?.text].filter(Boolean).join(', ');
}
