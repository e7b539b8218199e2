import { DAY_MS, terraTime } from './dates';
import { History } from './rides/history';
import type { AthleteProfile } from './rides/profile';
import { profileFor } from './rides/profile';
import { uuidFrom } from './rides/random';
import type { SandboxUserSeed, TerraUser } from './types';

/** Three who ride with Xert and one with a watch that measures everything. */
export const DEFAULT_USERS: SandboxUserSeed[] = [
	{ provider: 'XERT', reference_id: 'rider-1' },
	{ provider: 'XERT', reference_id: 'rider-2' },
	{ provider: 'XERT', reference_id: 'rider-3' },
	{ provider: 'GARMIN', reference_id: 'walker-1' },
];

/** A connection with all that the sandbox holds for it. */
export interface Connection {
	user: TerraUser;
	profile: AthleteProfile;
	history: History;
	/** Bounds of the generated history, in days since 1970. */
	firstDay: number;
	untilDay: number;
}

/** The same seed and index give the same user, athlete and rides. */
export function connect(
	seed: number,
	index: number,
	wanted: SandboxUserSeed,
	now: number,
): Connection {
	const userId = wanted.user_id ?? uuidFrom(seed, 'user', index);
	const historyDays = wanted.historyDays ?? 120;
	const today = Math.floor(now / DAY_MS);
	const profile = profileFor(seed, index);
	const days = { firstDay: today - historyDays, untilDay: today };
	return {
		user: {
			user_id: userId,
			provider: wanted.provider ?? 'XERT',
			reference_id: wanted.reference_id === undefined ? `rider-${index + 1}` : wanted.reference_id,
			active: true,
			scopes: null,
			created_at: terraTime(days.firstDay * DAY_MS + 9 * 3_600_000),
			last_webhook_update: null,
		},
		profile,
		history: new History(seed, userId, profile, {
			provider: wanted.provider ?? 'XERT',
			ridesPerWeek: wanted.ridesPerWeek ?? 5,
			rideSeconds: wanted.rideSeconds,
			...days,
		}),
		...days,
	};
}
