import { DAY_MS } from '../dates';
import { randomFrom, seedFrom } from './random';

export type RideKind = 'endurance' | 'tempo' | 'intervals' | 'race';

/** Everything that determines a ride. Equal plans give identical rides. */
export interface RidePlan {
	summaryId: string;
	name: string;
	kind: RideKind;
	seed: number;
	/** Unix milliseconds, on a whole second. */
	startMs: number;
	/** Seconds of riding, with one sample each. */
	movingSeconds: number;
	/** One stop after `afterSeconds` of riding; its length is 0 if there was none. */
	stop: { afterSeconds: number; seconds: number };
	indoor: boolean;
}

const NAMES: Record<RideKind, readonly string[]> = {
	endurance: ['Easy endurance', 'Long steady ride', 'Recovery spin'],
	tempo: ['Sweet-spot ride', 'Tempo loop'],
	intervals: ['VO2max intervals', 'Threshold intervals'],
	race: ['Group ride', 'Local race'],
};
const KINDS = Object.keys(NAMES) as RideKind[];

const pick = <T>(list: readonly T[], random: () => number): T =>
	list[Math.floor(random() * list.length)] as T;

export interface PlanRequest {
	seed: number;
	userId: string;
	/** Prefix of the summary ID. */
	provider: string;
	startMs: number;
	/** Distinguishes this ride from the athlete's others. */
	key: string | number;
	durationSeconds?: number;
	indoor?: boolean;
}

/** `durationSeconds` is riding time; a stop is added to it. */
export function planRide(request: PlanRequest): RidePlan {
	const seed = seedFrom(request.seed, request.userId, 'ride', request.key);
	const random = randomFrom(seed);
	const kind = pick(KINDS, random);
	const indoor = request.indoor ?? random() < 0.25;
	const movingSeconds = request.durationSeconds ?? 1500 + Math.floor(random() * 66) * 60;
	const stops = !indoor && movingSeconds > 1800 && random() < 0.4;
	return {
		summaryId: `${request.provider.toLowerCase()}-${seed.toString(36)}${seedFrom(seed, 'id').toString(36)}`,
		name: pick(NAMES[kind], random) + (indoor ? ' (indoor)' : ''),
		kind,
		seed,
		startMs: Math.floor(request.startMs / 1000) * 1000,
		movingSeconds,
		stop: stops
			? { afterSeconds: Math.floor(movingSeconds / 2), seconds: 300 + Math.floor(random() * 600) }
			: { afterSeconds: movingSeconds, seconds: 0 },
		indoor,
	};
}

export function endOf(plan: RidePlan): number {
	return plan.startMs + (plan.movingSeconds + plan.stop.seconds) * 1000;
}

/** Elapsed seconds since the start after `ridden` seconds of riding, which includes any stop until then. */
export function clockSeconds(plan: RidePlan, ridden: number): number {
	return ridden > plan.stop.afterSeconds ? ridden + plan.stop.seconds : ridden;
}

/**
 * The ride that an athlete did on a UTC day, if any. Every tenth day's ride starts late in the evening and ends on the
 * next UTC day, so that it is in two adjacent windows.
 */
export function rideOfDay(
	seed: number,
	userId: string,
	day: number,
	habits: { provider: string; ridesPerWeek: number; rideSeconds?: number },
): RidePlan | undefined {
	const random = randomFrom(seedFrom(seed, userId, 'day', day));
	if (random() >= habits.ridesPerWeek / 7) return undefined;
	const minuteOfDay = day % 10 === 0 ? 23 * 60 + 40 : 6 * 60 + Math.floor(random() * 12 * 60);
	return planRide({
		seed,
		userId,
		provider: habits.provider,
		key: day,
		startMs: day * DAY_MS + minuteOfDay * 60_000,
		durationSeconds: habits.rideSeconds,
	});
}
