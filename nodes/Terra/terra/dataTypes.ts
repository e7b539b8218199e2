/** The data types with a history; each is also the path of its request. */
export const DATA_TYPES = [
	'activity',
	'body',
	'daily',
	'menstruation',
	'nutrition',
	'sleep',
] as const;

export type DataType = (typeof DATA_TYPES)[number];

/** Types whose records have an ID of their own and are complete when Terra has them. The others are one a day. */
const TYPES_WITH_ID: readonly DataType[] = ['activity', 'sleep'];

export function hasOwnId(type: DataType): boolean {
	return TYPES_WITH_ID.includes(type);
}
