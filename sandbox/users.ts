import { DAY_MS, terraTime } from './dates';
import { History } from './rides/history';
import type { AthleteProfile } from './rides/profile';
import { profileFor } from './rides/profile';
import { uuidFrom } from './rides/random';
import type { SandboxUserSeed, TerraUser } from './types';

/** Three cyclists on Xert, and one user with a watch that supplies every data type. */
export const DEFAULT_USERS: SandboxUserSeed[] = [
	{ provider: 'XERT', reference_id: 'rider-1' },
	{ provider: 'XERT', reference_id: 'rider-2' },
	{ provider: 'XERT', reference_id: 'rider-3' },
	{ provider: 'GARMIN', reference_id: 'walker-1' },
];

/** A connected user, with everything the sandbox knows about them. */
export interface Connection {
	user: TerraUser;
	profile: AthleteProfile;
	history: History;
	/** The generated history, in days since 1970: first day, and the day after the last. */
	firstDay: number;
	untilDay: number;
}

/** The same seed and index give the same user, athlete and rides. */
export function connect(
	seed: number,
	index: number,
	options: SandboxUserSeed,
	now: number,
): Connection {
	const userId = options.user_id ?? uuidFrom(seed, 'user', index);
	const historyDays = options.historyDays ?? 120;
	const today = Math.floor(now / DAY_MS);
	const profile = profileFor(seed, index);
	const days = { firstDay: today - historyDays, untilDay: today };
	return {
		user: {
			user_id: userId,
			provider: options.provider ?? 'XERT',
			reference_id:
				options.reference_id === undefined ? `rider-${index + 1}` : options.reference_id,
			active: true,
			scopes: null,
			created_at: terraTime(days.firstDay * DAY_MS + 9 * 3_600_000),
			last_webhook_update: null,
		},
		profile,
		history: new History(seed, userId, profile, {
			provider: options.provider ?? 'XERT',
			ridesPerWeek: options.ridesPerWeek ?? 5,
			rideSeconds: options.rideSeconds,
			...days,
		}),
		...days,
	};
}
