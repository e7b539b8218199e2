import type { DataType } from '../../terra/dataTypes';
import { activityKey } from '../../terra/events';
import type { JsonObject } from '../../terra/json';

/** What a user gets of a record. */
export function toItem(
	type: DataType | 'athlete',
	user: JsonObject,
	record: JsonObject,
): JsonObject {
	return {
		type,
		...(type === 'activity' && { activity_key: activityKey(user, record) ?? null }),
		user,
		data: record,
	};
}
