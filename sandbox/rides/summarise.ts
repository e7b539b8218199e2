import type { Simulation } from './simulate';

const NP_WINDOW_SECONDS = 30;

/** Lower bounds of the heart-rate zones, in percent of the athlete's maximum heart rate. */
export const ZONE_EDGES = [0, 60, 70, 80, 90] as const;

export function round(value: number, decimals: number): number {
	const unit = 10 ** decimals;
	return Math.round(value * unit) / unit;
}

/** Integer sums over part of a ride. They are exact, so laps add up to the ride. */
export interface Tally {
	seconds: number;
	wattSum: number;
	wattMax: number;
	pulseSum: number;
	pulseMin: number;
	pulseMax: number;
	zoneSeconds: number[];
	cadenceSum: number;
	cadenceMax: number;
	distanceCm: number;
	speedMax: number;
	heightSum: number;
	heightMin: number;
	heightMax: number;
	gain: number;
	loss: number;
}

/** Sums up the seconds in [from, to). */
export function tally(samples: Simulation, zones: Uint8Array, from: number, to: number): Tally {
	const { watts, heartRate, cadence, speedCm, elevationDm } = samples;
	const zoneSeconds = ZONE_EDGES.map(() => 0);
	let wattSum = 0;
	let wattMax = 0;
	let pulseSum = 0;
	let pulseMin = Infinity;
	let pulseMax = 0;
	let cadenceSum = 0;
	let cadenceMax = 0;
	let distanceCm = 0;
	let speedMax = 0;
	let heightSum = 0;
	let heightMin = Infinity;
	let heightMax = -Infinity;
	let gain = 0;
	let loss = 0;
	let before = elevationDm[Math.max(0, from - 1)] ?? 0;

	for (let second = from; second < to; second++) {
		const power = watts[second] ?? 0;
		wattSum += power;
		if (power > wattMax) wattMax = power;
		const pulse = heartRate[second] ?? 0;
		pulseSum += pulse;
		if (pulse < pulseMin) pulseMin = pulse;
		if (pulse > pulseMax) pulseMax = pulse;
		const zone = zones[pulse] ?? 0;
		zoneSeconds[zone] = (zoneSeconds[zone] ?? 0) + 1;
		const turns = cadence[second] ?? 0;
		cadenceSum += turns;
		if (turns > cadenceMax) cadenceMax = turns;
		const speed = speedCm[second] ?? 0;
		distanceCm += speed;
		if (speed > speedMax) speedMax = speed;
		const height = elevationDm[second] ?? 0;
		heightSum += height;
		if (height < heightMin) heightMin = height;
		if (height > heightMax) heightMax = height;
		if (height > before) gain += height - before;
		else loss += before - height;
		before = height;
	}

	return {
		seconds: to - from,
		wattSum,
		wattMax,
		pulseSum,
		pulseMin,
		pulseMax,
		zoneSeconds,
		cadenceSum,
		cadenceMax,
		distanceCm,
		speedMax,
		heightSum,
		heightMin,
		heightMax,
		gain,
		loss,
	};
}

export function add(a: Tally, b: Tally): Tally {
	return {
		seconds: a.seconds + b.seconds,
		wattSum: a.wattSum + b.wattSum,
		wattMax: Math.max(a.wattMax, b.wattMax),
		pulseSum: a.pulseSum + b.pulseSum,
		pulseMin: Math.min(a.pulseMin, b.pulseMin),
		pulseMax: Math.max(a.pulseMax, b.pulseMax),
		zoneSeconds: a.zoneSeconds.map((seconds, zone) => seconds + (b.zoneSeconds[zone] ?? 0)),
		cadenceSum: a.cadenceSum + b.cadenceSum,
		cadenceMax: Math.max(a.cadenceMax, b.cadenceMax),
		distanceCm: a.distanceCm + b.distanceCm,
		speedMax: Math.max(a.speedMax, b.speedMax),
		heightSum: a.heightSum + b.heightSum,
		heightMin: Math.min(a.heightMin, b.heightMin),
		heightMax: Math.max(a.heightMax, b.heightMax),
		gain: a.gain + b.gain,
		loss: a.loss + b.loss,
	};
}

export type RideNumbers = ReturnType<typeof numbersOf>;

/** Converts a tally to Terra's units: W, bpm, rpm, m, m/s and kJ. */
export function numbersOf(sums: Tally) {
	const { seconds } = sums;
	return {
		avgWatts: round(sums.wattSum / seconds, 1),
		maxWatts: sums.wattMax,
		workKilojoules: round(sums.wattSum / 1000, 1),
		avgHeartRate: round(sums.pulseSum / seconds, 1),
		minHeartRate: sums.pulseMin,
		maxHeartRate: sums.pulseMax,
		zoneSeconds: sums.zoneSeconds,
		avgCadence: round(sums.cadenceSum / seconds, 1),
		maxCadence: sums.cadenceMax,
		distanceMeters: sums.distanceCm / 100,
		avgSpeed: round(sums.distanceCm / 100 / seconds, 3),
		maxSpeed: sums.speedMax / 100,
		elevation: {
			avg: round(sums.heightSum / seconds / 10, 1),
			min: sums.heightMin / 10,
			max: sums.heightMax / 10,
			gain: sums.gain / 10,
			loss: sums.loss / 10,
		},
	};
}

/** Normalized power in watts: the fourth root of the mean fourth power of the 30-second rolling mean. */
export function normalizedPower(watts: Uint16Array): number {
	const window = Math.min(NP_WINDOW_SECONDS, watts.length);
	let rolling = 0;
	let sum = 0;
	for (let second = 0; second < watts.length; second++) {
		rolling += watts[second] ?? 0;
		if (second >= window) rolling -= watts[second - window] ?? 0;
		if (second < window - 1) continue;
		const square = (rolling / window) * (rolling / window);
		sum += square * square;
	}
	return round((sum / (watts.length - window + 1)) ** 0.25, 1);
}

/** The heart-rate zone of every pulse from 0 to 255. */
export function zoneTable(athleteMaxHeartRate: number): Uint8Array {
	return Uint8Array.from({ length: 256 }, (_, pulse) => {
		const percent = (100 * pulse) / athleteMaxHeartRate;
		return ZONE_EDGES.filter((edge) => percent >= edge).length - 1;
	});
}
