import type { TimeWindow } from '../dates';
import { DAY_MS, overlaps } from '../dates';
import type { DataType } from '../types';
import { DATA_TYPES } from '../types';
import type { Connection } from '../users';
import { body } from './body';
import { daily } from './daily';
import type { UserDay } from './day';
import { dayOf } from './day';
import { menstruation } from './menstruation';
import { nutrition } from './nutrition';
import { sleep } from './sleep';

type DayRecord = { metadata: { start_time: string; end_time: string } };

const MAKERS: Record<Exclude<DataType, 'activity'>, (day: UserDay) => DayRecord> = {
	body,
	daily,
	menstruation,
	nutrition,
	sleep,
};

/** The providers that the sandbox simulates, and the data types that each supplies. */
export const PROVIDERS: ReadonlyArray<{
	provider: string;
	name: string;
	types: readonly DataType[];
}> = [
	{ provider: 'XERT', name: 'Xert', types: ['activity'] },
	{ provider: 'GARMIN', name: 'Garmin', types: DATA_TYPES },
	{ provider: 'WAHOO', name: 'Wahoo', types: ['activity'] },
	{ provider: 'OURA', name: 'Oura', types: ['activity', 'body', 'daily', 'sleep'] },
	{ provider: 'WITHINGS', name: 'Withings', types: ['activity', 'body', 'daily', 'sleep'] },
];

/** Providers available only through Terra's mobile SDKs. */
export const SDK_PROVIDERS = ['APPLE', 'SAMSUNG'];

export function supports(provider: string, type: DataType): boolean {
	const known = PROVIDERS.find((candidate) => candidate.provider === provider.toUpperCase());
	return (known?.types ?? DATA_TYPES).includes(type);
}

/** One day's record of a data type. */
export function recordOf(type: Exclude<DataType, 'activity'>, day: UserDay): DayRecord {
	return MAKERS[type](day);
}

/** A user's records of a data type in a window, in chronological order. */
export function recordsOf(
	connection: Connection,
	type: DataType,
	window: TimeWindow,
	withSamples: boolean,
): object[] {
	if (type === 'activity') return connection.history.read(window, withSamples);
	const { user, profile } = connection;
	// A sleep record starts on the day before the one it ends on.
	const from = Math.max(connection.firstDay, Math.floor(window.start / DAY_MS) - 1);
	const until = Math.min(connection.untilDay, Math.ceil(window.end / DAY_MS) + 1);
	const records: DayRecord[] = [];
	for (let number = from; number < until; number++) {
		const record = recordOf(type, dayOf(user.user_id, profile, number, withSamples));
		if (isIn(window, type, number, record)) records.push(record);
	}
	return records;
}

/** Sleep is selected by its times, so it can be in two windows; other records are selected by their date. */
function isIn(
	window: TimeWindow,
	type: DataType,
	number: number,
	{ metadata }: DayRecord,
): boolean {
	if (type !== 'sleep') return overlaps(window, number * DAY_MS, (number + 1) * DAY_MS);
	return overlaps(window, Date.parse(metadata.start_time), Date.parse(metadata.end_time));
}

export function athleteOf({ user, profile }: Connection) {
	return {
		first_name: profile.firstName,
		last_name: profile.lastName,
		email: null,
		sex: null,
		gender: null,
		date_of_birth: null,
		age: null,
		bio: null,
		city: profile.city,
		state: profile.state,
		country: profile.country,
		account_creation_date: user.created_at,
		provider_user_id: `${user.provider.toLowerCase()}-${user.user_id.slice(0, 8)}`,
	};
}
