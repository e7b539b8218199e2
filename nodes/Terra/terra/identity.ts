import { hasOwnId, type DataType } from './dataTypes';
import { localDay } from './days';
import { asObject, asText } from './json';

/**
 * What makes a record the same record when Terra sends it again, in a neighbouring window or as a newer version:
 * the summary ID of an activity or a sleep, the athlete's day of everything else. Unique for one user only.
 *
 * @returns undefined for a record that has nothing to know it by
 */
export function identityOf(type: DataType, record: unknown): string | undefined {
	const { summary_id, start_time, end_time } = asObject(asObject(record).metadata);
	if (!hasOwnId(type)) return localDay(start_time);
	if (asText(summary_id)) return asText(summary_id);
	return asText(start_time) && `${asText(start_time)}/${asText(end_time) ?? ''}`;
}
