import { at, text } from './read';
import { localDate } from './times';

/**
 * The key of a record over all users, after Terra's natural keys: a summary ID where the type has one, the day
 * otherwise, nothing more than the user for an athlete. Null if a part is missing.
 */
export function recordKey(type: string, record: unknown, user: unknown): string | null {
	const userId = text(at(user, 'user_id'));
	if (type === 'athlete') return userId;
	const own = naturalKey(type, record);
	return userId !== null && own !== null ? `${userId}:${own}` : null;
}

function naturalKey(type: string, record: unknown): string | null {
	const value = (path: string) => text(at(record, path));
	switch (type) {
		case 'activity':
		case 'health_observation':
			return value('metadata.summary_id');
		case 'sleep':
			// Optional for sleep; a day can have naps, so the start stands in rather than the day.
			return value('metadata.summary_id') ?? value('metadata.start_time');
		case 'body':
		case 'daily':
		case 'menstruation':
		case 'nutrition':
			return localDate(at(record, 'metadata.start_time'));
		case 'planned_workout':
			return value('planned_workout_id') ?? value('id');
		case 'hormone':
			return value('timestamp');
		default:
			return value('metadata.summary_id') ?? value('event_id') ?? value('id') ?? value('timestamp');
	}
}
