import type { RideKind, RidePlan } from './plan';
import type { AthleteProfile } from './profile';
import { randomFrom } from './random';
import type { Route } from './route';
import { STEP_METERS } from './route';

/**
 * A ride second by second, in whole units so that sums are exact. The arrays are views of shared buffers that the next
 * call overwrites: read them before simulating again.
 */
export interface Simulation {
	watts: Uint16Array;
	heartRate: Uint16Array;
	cadence: Uint16Array;
	/** Centimetres ridden in each second. */
	speedCm: Uint16Array;
	/** Decimetres above sea level; all 0 indoors. */
	elevationDm: Int32Array;
}

const GRAVITY = 9.81;
const ROLLING = 0.005;
const DRAG = 0.5 * 1.2 * 0.32;
const COASTING_GRADE = -0.035;

let buffers = makeBuffers(4 * 3600);

function makeBuffers(seconds: number): Simulation {
	return {
		watts: new Uint16Array(seconds),
		heartRate: new Uint16Array(seconds),
		cadence: new Uint16Array(seconds),
		speedCm: new Uint16Array(seconds),
		elevationDm: new Int32Array(seconds),
	};
}

interface Block {
	until: number;
	/** Fraction of the athlete's FTP. */
	effort: number;
}

function blocksOf(kind: RideKind, seconds: number, random: () => number): Block[] {
	const pattern: Record<RideKind, Array<[seconds: number, effort: number]>> = {
		endurance: [
			[900, 0.66],
			[600, 0.6],
		],
		tempo: [
			[720, 0.87],
			[240, 0.6],
		],
		intervals: [
			[240, 1.02],
			[240, 0.5],
		],
		race: [
			[150, 0.95],
			[90, 0.6],
			[40, 1.25],
			[120, 0.7],
		],
	};
	const warmUp = Math.min(600, Math.floor(seconds / 5));
	const blocks: Block[] = [{ until: warmUp, effort: 0.55 }];
	let at = warmUp;
	while (at < seconds) {
		for (const [length, effort] of pattern[kind]) {
			at += length;
			blocks.push({ until: at, effort: effort * (0.95 + random() * 0.1) });
		}
	}
	return blocks;
}

/** Simulates the plan: effort gives power, power and slope give speed, and power gives heart rate. */
export function simulate(
	plan: RidePlan,
	profile: AthleteProfile,
	route: Route | undefined,
): Simulation {
	const seconds = plan.movingSeconds;
	if (seconds > buffers.watts.length) buffers = makeBuffers(seconds);
	const { watts, heartRate, cadence, speedCm, elevationDm } = buffers;

	const random = randomFrom(plan.seed);
	const blocks = blocksOf(plan.kind, seconds, random);
	const heartRange = profile.maxHeartRate - profile.restingHeartRate;
	let block = 0;
	let drift = 0;
	let pulse = profile.restingHeartRate + 30;
	let speed = 4;
	let distance = 0;

	for (let second = 0; second < seconds; second++) {
		if (second >= (blocks[block]?.until ?? seconds)) block++;
		const noise = random();
		drift = 0.93 * drift + 0.06 * (noise - 0.5);
		let slope = 0;
		let height = 0;
		if (route) {
			const steps = distance / STEP_METERS;
			const whole = Math.floor(steps);
			const point = whole % route.grade.length;
			slope = route.grade[point] ?? 0;
			height = (route.elevationMeters[point] ?? 0) + slope * STEP_METERS * (steps - whole);
		}
		const coasting = slope < COASTING_GRADE;
		const effort = (blocks[block]?.effort ?? 0.6) * (1 + drift + 1.2 * slope);
		const power = coasting ? 0 : Math.max(0, Math.round(profile.ftpWatts * effort));

		const targetPulse =
			profile.restingHeartRate +
			heartRange * Math.min(0.97, 0.28 + 0.58 * (power / profile.ftpWatts));
		pulse += (targetPulse - pulse) / 45;

		const propulsion = (0.97 * power) / Math.max(speed, 2);
		const resistance = profile.massKg * GRAVITY * (ROLLING + slope) + DRAG * speed * speed;
		speed = Math.min(19, Math.max(1.4, speed + (propulsion - resistance) / profile.massKg));

		watts[second] = power;
		heartRate[second] = Math.round(pulse);
		cadence[second] = coasting
			? 0
			: Math.round(84 + 80 * drift - 120 * Math.max(0, slope) + 4 * noise);
		const centimetres = Math.round(speed * 100);
		speedCm[second] = centimetres;
		distance += centimetres / 100;
		elevationDm[second] = Math.round(height * 10);
	}

	return {
		watts: watts.subarray(0, seconds),
		heartRate: heartRate.subarray(0, seconds),
		cadence: cadence.subarray(0, seconds),
		speedCm: speedCm.subarray(0, seconds),
		elevationDm: elevationDm.subarray(0, seconds),
	};
}
