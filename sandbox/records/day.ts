import { DAY_MS, terraTime } from '../dates';
import type { AthleteProfile } from '../rides/profile';
import { randomFrom, seedFrom } from '../rides/random';

/** One local day of one user. */
export interface UserDay {
	userId: string;
	profile: AthleteProfile;
	/** Days since 1970. */
	number: number;
	/** Local midnight, in unix milliseconds. */
	startMs: number;
	withSamples: boolean;
}

export function dayOf(
	userId: string,
	profile: AthleteProfile,
	number: number,
	withSamples: boolean,
): UserDay {
	const startMs = number * DAY_MS - profile.offsetMinutes * 60_000;
	return { userId, profile, number, startMs, withSamples };
}

/** A pseudo-random number between two bounds, always the same for a given day and name. */
export function within(day: UserDay, name: string, low: number, high: number): number {
	const random = randomFrom(seedFrom(day.userId, day.number, name));
	return low + random() * (high - low);
}

export function dayMetadata(day: UserDay) {
	const { offsetMinutes } = day.profile;
	return {
		start_time: terraTime(day.startMs, offsetMinutes),
		end_time: terraTime(day.startMs + DAY_MS, offsetMinutes),
		timestamp_localization: 1,
	};
}

/** One sample every `seconds` of the day; none if the day is requested without samples. */
export function every<T>(
	day: UserDay,
	seconds: number,
	sample: (timestamp: string, fractionOfDay: number) => T,
): T[] {
	if (!day.withSamples) return [];
	const count = DAY_MS / 1000 / seconds;
	return Array.from({ length: count }, (_, index) =>
		sample(
			terraTime(day.startMs + index * seconds * 1000, day.profile.offsetMinutes),
			index / count,
		),
	);
}
