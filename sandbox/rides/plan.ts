import { DAY_MS } from '../dates';
import { randomFrom, seedFrom } from './random';

export type RideKind = 'endurance' | 'tempo' | 'intervals' | 'race';

/** Everything that decides a ride: two rides from equal plans are equal to the last digit. */
export interface RidePlan {
	summaryId: string;
	name: string;
	kind: RideKind;
	seed: number;
	/** Unix milliseconds, on a whole second. */
	startMs: number;
	/** Seconds of riding: as many 1 Hz samples. */
	movingSeconds: number;
	/** One stop, after this many seconds of riding; its length is 0 where there was none. */
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
	/** Begins the summary ID. */
	provider: string;
	startMs: number;
	/** What tells this ride from the athlete's others. */
	key: string | number;
	durationSeconds?: number;
	indoor?: boolean;
}

/** `durationSeconds` is time on the bike; a stop comes on top. */
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

/** Seconds since the ride began on the clock, after so many seconds of riding: a stop lies between. */
export function clockSeconds(plan: RidePlan, ridden: number): number {
	return ridden > plan.stop.afterSeconds ? ridden + plan.stop.seconds : ridden;
}

/**
 * The ride an athlete did on a UTC day, if any. Every tenth day it starts late in the evening and
 * ends on the next UTC day: such rides are in both of two adjoining windows.
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
