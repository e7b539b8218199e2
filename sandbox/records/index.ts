import type { TimeWindow } from '../dates';
import type { DataType } from '../types';
import { DATA_TYPES } from '../types';
import type { Connection } from '../users';

/** The sources this sandbox can pretend to be, and what each supplies. */
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

/** Reached through Terra's mobile libraries only. */
export const SDK_PROVIDERS = ['APPLE', 'SAMSUNG'];

export function supports(provider: string, type: DataType): boolean {
	const known = PROVIDERS.find((candidate) => candidate.provider === provider.toUpperCase());
	return (known?.types ?? DATA_TYPES).includes(type);
}

/** What a connection has of a data type in a window, in time order. */
export function recordsOf(
	connection: Connection,
	type: DataType,
	window: TimeWindow,
	withSamples: boolean,
): object[] {
	if (type === 'activity') return connection.history.read(window, withSamples);
	return [];
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
