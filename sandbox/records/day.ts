import { DAY_MS, terraTime } from '../dates';
import type { AthleteProfile } from '../rides/profile';
import { randomFrom, seedFrom } from '../rides/random';

/** One day of one person's life, on the person's own clock. */
export interface DayOf {
	userId: string;
	profile: AthleteProfile;
	/** Days since 1970. */
	number: number;
	/** The day's local midnight, in unix milliseconds. */
	startMs: number;
	withSamples: boolean;
}

export function dayOf(
	userId: string,
	profile: AthleteProfile,
	number: number,
	withSamples: boolean,
): DayOf {
	const startMs = number * DAY_MS - profile.offsetMinutes * 60_000;
	return { userId, profile, number, startMs, withSamples };
}

/** A number between two bounds that is always the same for this day and this word. */
export function within(day: DayOf, word: string, low: number, high: number): number {
	const random = randomFrom(seedFrom(day.userId, day.number, word));
	return low + random() * (high - low);
}

export function dayMetadata(day: DayOf) {
	const { offsetMinutes } = day.profile;
	return {
		start_time: terraTime(day.startMs, offsetMinutes),
		end_time: terraTime(day.startMs + DAY_MS, offsetMinutes),
		timestamp_localization: 1,
	};
}

/** A sample every so many seconds of the day, or none where samples are not wanted. */
export function every<T>(
	day: DayOf,
	seconds: number,
	sample: (timestamp: string, partOfDay: number) => T,
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
