import type { DataType } from '../../terra/events';

/** Names for the records of each type, for the descriptions of operations. */
export const RECORD_NAMES: Record<DataType, { many: string; what: string }> = {
	activity: { many: 'activities', what: 'rides and other workouts' },
	body: { many: 'body records', what: 'body records, such as weight' },
	daily: { many: 'daily summaries', what: 'daily summaries' },
	menstruation: { many: 'menstruation records', what: 'menstruation records' },
	nutrition: { many: 'nutrition records', what: 'nutrition records' },
	sleep: { many: 'sleep records', what: 'sleep records' },
};
