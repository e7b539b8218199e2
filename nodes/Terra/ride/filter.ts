import type { Ride } from './ride';

/** Which rides a person wants: the same for deliveries and for history. */
export interface RideFilters {
	/** Terra's numbers of activity types (0 is one); empty is any. */
	activityTypes: number[];
	/** Terra's numbers of upload types to leave out. */
	unwantedUploads: number[];
	/** Moving time in seconds, or from start to end if Terra has none. */
	minSeconds: number;
	minMeters: number;
}

/**
 * Why a ride is filtered out, in a few words without a person's figures; undefined if it passes. A value that Terra
 * does not have never filters a ride out.
 */
export function unwantedBecause(ride: Ride, filters: RideFilters): string | undefined {
	const { type, uploadType, durationSeconds, distance } = ride;
	const { activityTypes, unwantedUploads, minSeconds, minMeters } = filters;
	if (activityTypes.length > 0 && type !== null && !activityTypes.includes(type)) {
		return `activity type ${type}`;
	}
	if (unwantedUploads.includes(uploadType ?? NaN)) return `upload type ${uploadType}`;
	if (durationSeconds !== null && durationSeconds < minSeconds) {
		return 'shorter than the minimum duration';
	}
	return distance !== null && distance < minMeters
		? 'shorter than the minimum distance'
		: undefined;
}
