import { merge } from '../merge';
import type { Ride } from './activity';

/** What real devices, providers and athletes do to rides. */
const QUIRKS = [
	/** All times are in UTC, and nothing says where the athlete was. */
	'utc',
	/** A lap ends a moment after the next one has begun, as devices write it; at least three laps. */
	'overlappingLaps',
	/** For some seconds no signal: positions 0, 0, heart rate 0, and no power nor cadence. */
	'dropOuts',
	/** One second of 21,700 W, which is also the ride's maximum. */
	'powerSpikes',
	/** Names of fixed length, filled up with NUL, as FIT files have them. */
	'paddedNames',
	/** Marked for deletion; of an athlete's history every fifth day's ride. */
	'deleted',
	/** Not confirmed yet; of an athlete's history every fifth day's ride. */
	'pending',
] as const;

export type Quirk = (typeof QUIRKS)[number];

/** @throws Error if it comes from another process and is none */
export function checkQuirks(quirks: readonly string[] = []): readonly Quirk[] {
	const wrong = quirks.find((quirk) => !(QUIRKS as readonly string[]).includes(quirk));
	if (wrong !== undefined) throw new Error(`There is no quirk ${wrong}: ${QUIRKS.join(', ')}`);
	return quirks as readonly Quirk[];
}

const STATES: readonly Quirk[] = ['deleted', 'pending'];
const EVERY_SO_MANY_DAYS = 5;

/** Devices and providers do what they do to every ride; a state belongs to some days. */
export function quirksOfDay(quirks: readonly Quirk[], day?: number): Quirk[] {
	return quirks.filter((quirk) => {
		const state = STATES.indexOf(quirk);
		return state < 0 || (day !== undefined && day % EVERY_SO_MANY_DAYS === state);
	});
}

export const OVERLAP_MS = 900;
export const LAPS_TO_OVERLAP = 3;

const UTC = 0;
const PENDING = 5;
const MARKED_FOR_DELETION = 4;
const PADDING = '\0\0\0';
const SPIKE_WATTS = 21_700;

const CHANGES: Record<Quirk, (ride: Ride) => object> = {
	// The times themselves are written so.
	utc: () => ({ metadata: { timestamp_localization: UTC } }),
	overlappingLaps: () => ({}),
	dropOuts,
	powerSpikes: ({ power_data: { power_samples: samples } }) => ({
		power_data: {
			max_watts: SPIKE_WATTS,
			power_samples: samples.map((sample, second) =>
				second === Math.floor(samples.length / 3) ? { ...sample, watts: SPIKE_WATTS } : sample,
			),
		},
	}),
	paddedNames: ({ metadata, device_data: device }) => ({
		metadata: { name: metadata.name + PADDING },
		device_data: { name: device.name + PADDING },
	}),
	deleted: () => ({ metadata: { upload_type: MARKED_FOR_DELETION } }),
	pending: () => ({ metadata: { upload_type: PENDING } }),
};

function dropOuts(ride: Ride) {
	const { power_data: power, movement_data: movement, position_data: position } = ride;
	const seconds = power.power_samples.length;
	const isIn = (second: number, share: number, length: number) => {
		const from = Math.floor(seconds * share);
		return second >= from && second < from + length;
	};
	const isKept = (_: unknown, second: number) => !isIn(second, 0.6, 7);
	return {
		power_data: { power_samples: power.power_samples.filter(isKept) },
		movement_data: { cadence_samples: movement.cadence_samples.filter(isKept) },
		heart_rate_data: {
			detailed: {
				hr_samples: ride.heart_rate_data.detailed.hr_samples.map((sample, second) =>
					isIn(second, 0.4, 8) ? { ...sample, bpm: 0 } : sample,
				),
			},
		},
		...(position && {
			position_data: {
				position_samples: position.position_samples.map((sample, second) =>
					isIn(second, 0.2, 20) ? { ...sample, coords_lat_lng_deg: [0, 0] } : sample,
				),
			},
		}),
	};
}

export function withQuirks(ride: Ride, quirks: readonly Quirk[]): Ride {
	return quirks.reduce((before, quirk) => merge(before, CHANGES[quirk](before)), ride);
}
