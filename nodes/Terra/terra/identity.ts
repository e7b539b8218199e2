import { localDay } from './days';
import { asObject, asText, isObject } from './json';

/**
 * What makes a record the same record when Terra sends it again, as a newer version or in a neighbouring window:
 * an ID where its type has one, the athlete's day otherwise. Unique for one user only.
 *
 * An activity or sleep that lacks its ID is known by its start: rarer than two that start at the same moment.
 *
 * @returns undefined for a record that has nothing to know it by
 */
export function identityOf(type: string, record: unknown): string | undefined {
	const fields = asObject(record);
	const { summary_id, start_time } = asObject(fields.metadata);
	switch (type) {
		case 'activity':
		case 'sleep':
			return idText(summary_id) ?? asText(start_time);
		case 'body':
		case 'daily':
		case 'menstruation':
		case 'nutrition':
			return localDay(start_time);
		case 'planned_workout':
			return idText(fields.planned_workout_id) ?? idText(fields.id);
		default:
			return [summary_id, fields.event_id, fields.id, fields.timestamp].map(idText).find(Boolean);
	}
}

/**
 * The same over all users: what rows are matched on. An athlete's profile is the only one of its user.
 *
 * @returns `<user_id>:<identity>`, or null if a part is missing
 */
export function recordKey(type: string, record: unknown, user: unknown): string | null {
	const userId = isObject(user) ? idText(user.user_id) : undefined;
	if (userId === undefined) return null;
	if (type === 'athlete') return userId;
	const identity = identityOf(type, record);
	return identity === undefined ? null : `${userId}:${identity}`;
}

/** An ID as text: some providers number their records. */
export function idText(value: unknown): string | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? String(value) : asText(value);
}
