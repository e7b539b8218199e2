import { activityTypeName, CYCLING_TYPES, RUNNING_TYPES } from '../terra/activityTypes';
import { at, number, text } from '../terra/read';
import { instant, parseTime } from '../terra/times';

/** What an activity is called, and where on the clock it lies. */
export interface RideFacts {
	name: string | null;
	/** Kind in words; "Activity" if Terra did not say. */
	sport: string;
	/** The little that file formats tell apart. */
	group: 'cycling' | 'running' | 'other';
	/** Milliseconds since 1970; a time without an offset is read as UTC. */
	start: number | null;
	end: number | null;
}

export function rideFacts(activity: unknown): RideFacts {
	const start = parseTime(at(activity, 'metadata.start_time'));
	const end = parseTime(at(activity, 'metadata.end_time'));
	const offset = start?.offset ?? 0;
	return {
		name: text(at(activity, 'metadata.name'))?.replace(/\s+/g, ' ').trim() || null,
		sport: activityTypeName(at(activity, 'metadata.type')) || 'Activity',
		group: groupOf(number(at(activity, 'metadata.type'))),
		start: start && instant(start, offset),
		end: end && instant(end, offset),
	};
}

function groupOf(type: number | null): RideFacts['group'] {
	if (type === null) return 'other';
	if (CYCLING_TYPES.includes(type)) return 'cycling';
	return RUNNING_TYPES.includes(type) ? 'running' : 'other';
}
