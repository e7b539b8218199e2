import { impliedThreshold, UNKNOWN_ATHLETE } from '../ride/athlete';
import { loadOf } from '../ride/fitness';
import type { Ride } from '../ride/ride';
import { figureRow } from '../rows/figureColumns';
import { summaryRows, type SummaryOptions, type SummaryRide } from '../rows/summaryRow';
import type { Day } from '../terra/days';
import type { JsonObject } from '../terra/json';
import { cell } from '../text/cells';

export type { SummaryOptions, SummaryRide };

/** What a summary needs from a ride; `bests` need samples. */
export function summaryRide(
	ride: Ride,
	day: Day,
	thresholdWatts: number | null,
	bests: readonly string[],
): SummaryRide {
	return {
		day,
		seconds: ride.durationSeconds,
		distance: ride.distance,
		climb: ride.climb,
		workKilojoules: ride.workKilojoules,
		load: loadOf(ride, thresholdWatts ?? impliedThreshold(ride)),
		bests: figureRow(ride, bests, UNKNOWN_ATHLETE),
	};
}

/** The rows of one athlete; see `summaryRows`. */
export function summarise(
	user: object,
	rides: readonly SummaryRide[],
	isComplete: boolean,
	options: SummaryOptions,
): JsonObject[] {
	const { user_id, reference_id, provider } = user as JsonObject;
	const athlete = {
		userId: cell(user_id),
		referenceId: cell(reference_id),
		provider: cell(provider),
	};
	return summaryRows(athlete, rides, isComplete, options);
}
