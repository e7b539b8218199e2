import type { Ride } from './ride';

/** What is known about an athlete; null if unknown. */
export interface AthleteNumbers {
	thresholdWatts: number | null;
	/** Beats per minute at threshold. The heart rate zones use it, or the maximum if it is unknown. */
	thresholdHeartRate: number | null;
	maxHeartRate: number | null;
	weightKg: number | null;
	/** Upper limits of all zones but the last, in percent of the threshold power; null for Coggan's. */
	powerZoneLimits: readonly number[] | null;
	/** The same in percent of the threshold heart rate, or of the maximum. */
	heartRateZoneLimits: readonly number[] | null;
}

export const UNKNOWN_ATHLETE: AthleteNumbers = {
	thresholdWatts: null,
	thresholdHeartRate: null,
	maxHeartRate: null,
	weightKg: null,
	powerZoneLimits: null,
	heartRateZoneLimits: null,
};

export const POWER_ZONES = 7;
export const HEART_RATE_ZONES = 5;

/** Coggan's levels, in percent of threshold power. */
export const COGGAN_POWER_LIMITS = [55, 75, 90, 105, 120, 150] as const;

/** Coggan's levels, in percent of threshold heart rate. */
export const COGGAN_HEART_RATE_LIMITS = [68, 83, 94, 105] as const;

/** The usual steps of ten percent of maximum heart rate. */
export const MAXIMUM_HEART_RATE_LIMITS = [60, 70, 80, 90] as const;

/** Upper limits of the power zones in watts; null if no threshold is known. */
export function powerLimits({ thresholdWatts, powerZoneLimits }: AthleteNumbers): number[] | null {
	return limits(thresholdWatts, powerZoneLimits ?? COGGAN_POWER_LIMITS);
}

/** Upper limits of the heart rate zones in beats a minute; null if neither threshold nor maximum is known. */
export function heartRateLimits(athlete: AthleteNumbers): number[] | null {
	const { thresholdHeartRate, maxHeartRate, heartRateZoneLimits } = athlete;
	if (thresholdHeartRate !== null) {
		return limits(thresholdHeartRate, heartRateZoneLimits ?? COGGAN_HEART_RATE_LIMITS);
	}
	return limits(maxHeartRate, heartRateZoneLimits ?? MAXIMUM_HEART_RATE_LIMITS);
}

function limits(whole: number | null, percents: readonly number[]): number[] | null {
	return whole === null ? null : percents.map((percent) => (whole * percent) / 100);
}

/** No athlete's threshold lies outside these. */
const THRESHOLD_WATTS = [30, 700] as const;

/**
 * The threshold power that Terra's figures of a ride imply: normalised power over intensity factor. Null if Terra
 * does not have both, or if they imply an impossible threshold.
 */
export function impliedThreshold({ normalizedWatts, intensityFactor }: Ride): number | null {
	if (normalizedWatts === null || intensityFactor === null) return null;
	const watts = normalizedWatts / intensityFactor;
	return watts >= THRESHOLD_WATTS[0] && watts <= THRESHOLD_WATTS[1] ? watts : null;
}
