import { Answer } from '../inbox';
import { unwantedBecause } from '../ride/filter';
import { rideOf } from '../ride/ride';
import { choiceOf, isConnectionEvent, recordsOf, userOf, type TerraEvent } from '../terra/events';
import { isObject, type JsonObject } from '../terra/json';
import type { Filters } from './settings';

/** What is left of an event. */
export interface Selection {
	/** Undefined if the event as a whole matters. */
	records: JsonObject[] | undefined;
}

/**
 * Applies the filters. A filter looks only at what an event contains: an event without a provider, such as a failed
 * connection, passes the provider filter.
 *
 * @returns an answer when nothing is left: a few words for Terra's log, so never a person's figures
 */
export function select(event: TerraEvent, filters: Filters): Selection | Answer {
	if (!filters.events.includes('*') && !filters.events.includes(choiceOf(event.type))) {
		return filtered(`${event.type} is not in 'Trigger On'`);
	}
	const { provider } = userOf(event);
	if (misses(filters.providers, provider?.toUpperCase())) return filtered(`provider ${provider}`);
	if (!isAbout(event, filters.athletes)) {
		const { user_id, reference_id } = userOf(event);
		return filtered(`athlete ${reference_id ?? user_id ?? 'not named'}`);
	}

	const records = recordsOf(event);
	if (!records) return { records };
	if (records.length === 0)
		return new Answer(200, `ignored: ${event.type} without data`, 'ignored');
	if (event.type !== 'activity') return { records };

	const reasons = records.map((activity) => unwantedBecause(rideOf(activity), filters));
	const wanted = records.filter((_, index) => reasons[index] === undefined);
	return wanted.length > 0 ? { records: wanted } : filtered(reasons.at(-1)!);
}

function filtered(reason: string): Answer {
	return new Answer(200, `filtered: ${reason}`);
}

function misses<T>(wanted: T[], value: T | undefined): boolean {
	return wanted.length > 0 && value !== undefined && !wanted.includes(value);
}

/** Whether an event is about one of these athletes. A connection that failed may name nobody, and passes. */
export function isAbout(event: TerraEvent, athletes: string[]): boolean {
	if (athletes.length === 0) return true;
	const { user_id, reference_id } = userOf(event);
	// After a reconnection, workflows that still use the old ID are the ones that need the event.
	const userIds = [user_id, oldUserId(event)].filter((id) => id !== undefined);
	if (userIds.length === 0 && reference_id === undefined) return isConnectionEvent(event);
	if (reference_id !== undefined && athletes.includes(reference_id)) return true;
	const wanted = athletes.map((athlete) => athlete.toLowerCase());
	return userIds.some((id) => wanted.includes(id.toLowerCase()));
}

function oldUserId({ body }: TerraEvent): string | undefined {
	return isObject(body.old_user) ? String(body.old_user.user_id) : undefined;
}
