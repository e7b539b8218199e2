import {
	HEART_RATE_ZONES,
	heartRateLimits,
	POWER_ZONES,
	powerLimits,
	type AthleteNumbers,
} from './athlete';
import { climbingRate } from './climbing';
import {
	BEST_SECONDS,
	bestPower,
	knownSeconds,
	meanPower,
	powerSums,
	weightedPower,
	type PowerSums,
} from './power';
import type { Seconds } from './seconds';

type Figure = number | null;

/**
 * Figures from the seconds of a ride or a lap. Null if samples or the athlete's numbers are missing; every number
 * is finite. docs/output.md defines each.
 */
export interface Effort {
	/** Watts, by the length of the effort in seconds. */
	bests: Readonly<Record<(typeof BEST_SECONDS)[number], Figure>>;
	meanWatts: Figure;
	meanHeartRate: Figure;
	weightedWatts: Figure;
	/** Weighted power divided by mean power. */
	variability: Figure;
	/** Weighted power divided by threshold power. */
	intensity: Figure;
	/** 100 for an hour at threshold. */
	load: Figure;
	/** Watts per beat per minute. */
	efficiency: Figure;
	/** Percent by which the second half gave less power per beat than the first. */
	decoupling: Figure;
	/** Kilojoules. */
	workAboveThreshold: Figure;
	/** Seconds, from the easiest zone to the hardest; null for zones that the athlete does not have. */
	powerZones: readonly Figure[];
	heartRateZones: readonly Figure[];
	/** Seconds. */
	coasting: Figure;
	/** Metres per hour. */
	climbingRate: Figure;
}

export function effortOf(seconds: Seconds, athlete: AthleteNumbers): Effort {
	const sums = powerSums(seconds);
	const { thresholdWatts } = athlete;
	const weightedWatts = weightedPower(sums);
	const meanWatts = meanPower(sums);
	const meanHeartRate = mean(seconds.heartRate);
	const intensity = ratio(weightedWatts, thresholdWatts);
	return {
		bests: bestsOf(sums),
		meanWatts,
		meanHeartRate,
		weightedWatts,
		variability: ratio(weightedWatts, meanWatts),
		intensity,
		load: intensity === null ? null : finite((knownSeconds(sums) / 36) * intensity ** 2),
		efficiency: ratio(weightedWatts, meanHeartRate),
		decoupling: decouplingOf(seconds),
		workAboveThreshold: workAbove(seconds.power, thresholdWatts),
		powerZones: zoneSeconds(seconds.power, powerLimits(athlete), POWER_ZONES),
		heartRateZones: zoneSeconds(seconds.heartRate, heartRateLimits(athlete), HEART_RATE_ZONES),
		coasting: coastingOf(seconds),
		climbingRate: climbingRate(seconds),
	};
}

function bestsOf(sums: PowerSums): Effort['bests'] {
	return Object.fromEntries(
		BEST_SECONDS.map((window) => [window, bestPower(sums, window)]),
	) as Effort['bests'];
}

/** Null if either is unknown, or the divisor is not positive. */
export function ratio(value: Figure, by: Figure): Figure {
	return value === null || by === null || by <= 0 ? null : finite(value / by);
}

function finite(value: number): Figure {
	return Number.isFinite(value) ? value : null;
}

function mean(column: Float64Array): Figure {
	let sum = 0;
	let count = 0;
	for (const value of column) {
		if (Number.isNaN(value)) continue;
		sum += value;
		count++;
	}
	return count === 0 ? null : sum / count;
}

/** The halves of a shorter ride say nothing about endurance. */
const DECOUPLING_SECONDS = 1200;

/** Compares the halves of the seconds in which both sensors reported, by mean power divided by mean heart rate. */
function decouplingOf({ length, power, heartRate }: Seconds): Figure {
	const isKnown = (index: number) =>
		!Number.isNaN(power[index]!) && !Number.isNaN(heartRate[index]!);
	let count = 0;
	for (let index = 0; index < length; index++) if (isKnown(index)) count++;
	if (count < DECOUPLING_SECONDS) return null;
	const joules = [0, 0];
	const beats = [0, 0];
	let passed = 0;
	for (let index = 0; index < length; index++) {
		if (!isKnown(index)) continue;
		const half = passed < count / 2 ? 0 : 1;
		joules[half]! += power[index]!;
		beats[half]! += heartRate[index]!;
		passed++;
	}
	const [first, second] = [ratio(joules[0]!, beats[0]!), ratio(joules[1]!, beats[1]!)];
	if (first === null || second === null) return null;
	const lost = ratio(second, first);
	return lost === null ? null : 100 * (1 - lost);
}

function workAbove(power: Float64Array, threshold: Figure): Figure {
	if (threshold === null || mean(power) === null) return null;
	let joules = 0;
	for (const watts of power) if (watts > threshold) joules += watts - threshold;
	return joules / 1000;
}

/** A value on a limit belongs to the zone below it. */
function zoneSeconds(column: Float64Array, limits: number[] | null, zones: number): Figure[] {
	const seconds = new Array<Figure>(zones).fill(null);
	if (limits === null || mean(column) === null) return seconds;
	const counts = new Array<number>(limits.length + 1).fill(0);
	for (const value of column) {
		if (Number.isNaN(value)) continue;
		let zone = 0;
		while (zone < limits.length && value > limits[zone]!) zone++;
		counts[zone]!++;
	}
	return seconds.map((_, zone) => counts[zone] ?? null);
}

/** Below this speed a rider has stopped. */
const ROLLING_METRES_PER_SECOND = 0.5;

/**
 * Seconds rolling without pedalling: power 0, or cadence 0 while there is no power. Where speed was recorded, standing
 * still is not coasting. Null with neither sensor.
 */
function coastingOf({ length, power, cadence, speed }: Seconds): Figure {
	let known = 0;
	let coasting = 0;
	for (let index = 0; index < length; index++) {
		const effort = Number.isNaN(power[index]!) ? cadence[index]! : power[index]!;
		if (Number.isNaN(effort)) continue;
		known++;
		if (effort === 0 && !(speed[index]! < ROLLING_METRES_PER_SECOND)) coasting++;
	}
	return known === 0 ? null : coasting;
}
