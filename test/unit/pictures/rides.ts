import type { Activity } from '../../support/terraTypes';

const START = Date.UTC(2026, 5, 14, 6, 30);

/** The sensor values of one second; undefined if not recorded. */
interface Second {
	watts?: number;
	bpm?: number;
	metres?: number;
	place?: [latitude: number, longitude: number];
}

interface Described {
	name?: string;
	type?: number;
	distance?: number;
	climb?: number;
}

/** A ride whose seconds are given by a function; null is a second without any sample. */
export function rideOfSeconds(
	seconds: number,
	at: (second: number) => Second | null,
	{
		name = 'Grand tour of the Aravis – Col de la Colombière',
		type = 16,
		...summary
	}: Described = {},
): Activity {
	const stamp = (second: number) => new Date(START + second * 1000).toISOString();
	const recorded = Array.from({ length: seconds }, (_, second) => ({
		timestamp: stamp(second),
		given: at(second),
	}));
	const samples = <T>(read: (given: Second) => T | undefined, name: string) =>
		recorded.flatMap(({ timestamp, given }) => {
			const value = given && read(given);
			return value === undefined || value === null ? [] : [{ timestamp, [name]: value }];
		}) as never[];
	const mean = (values: number[]) =>
		values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
	const watts = recorded.flatMap(({ given }) => given?.watts ?? []);
	const beats = recorded.flatMap(({ given }) => given?.bpm ?? []);
	const average = mean(watts);
	return {
		metadata: {
			name,
			type,
			summary_id: 'picture',
			start_time: stamp(0),
			end_time: stamp(seconds),
			upload_type: 1,
		},
		active_durations_data: { activity_seconds: seconds },
		distance_data: {
			summary: {
				distance_meters: summary.distance ?? null,
				elevation: { gain_actual_meters: summary.climb ?? null },
			},
			detailed: { elevation_samples: samples(({ metres }) => metres, 'elev_meters') },
		},
		power_data: { avg_watts: average, power_samples: samples((given) => given.watts, 'watts') },
		heart_rate_data: {
			summary: { avg_hr_bpm: mean(beats) },
			detailed: { hr_samples: samples(({ bpm }) => bpm, 'bpm') },
		},
		position_data: { position_samples: samples(({ place }) => place, 'coords_lat_lng_deg') },
		work_data: { work_kilojoules: average === null ? null : (average * seconds) / 1000 },
	} as unknown as Activity;
}

/** Pseudo-noise, the same on every run. */
function rough(second: number, slowness: number): number {
	return Math.sin(second / slowness) * 0.6 + Math.sin(second / slowness / 2.7 + 1) * 0.4;
}

const HOURS = 5 * 3600;

let mountains: Activity | undefined;

/** A loop through mountains, recorded every second. */
export function longRide(named: { name?: string } = {}): Activity {
	mountains ??= ridden();
	return { ...mountains, metadata: { ...mountains.metadata, ...named } };
}

function ridden(): Activity {
	return rideOfSeconds(
		HOURS,
		(second) => {
			const share = second / HOURS;
			const angle = share * 2 * Math.PI;
			const radius =
				0.19 + 0.04 * rough(second, 1500) * Math.sin(angle / 2) + 0.002 * rough(second, 130);
			return {
				watts: Math.max(0, Math.round(190 + 60 * rough(second, 420) + 55 * rough(second, 9))),
				bpm: Math.round(145 + 18 * rough(second, 430)),
				metres: 900 + 500 * Math.sin(angle * 3 - 1.2) + 60 * rough(second, 300),
				place: [45.95 + 0.7 * radius * Math.sin(angle), 6.4 + radius * Math.cos(angle) * 1.5],
			};
		},
		{ distance: 147_700, climb: 1582 },
	);
}

/** Five intervals on a roller. */
export function indoorRide(described: Described = {}): Activity {
	return rideOfSeconds(
		2700,
		(second) => {
			const hard = second > 480 && second < 2280 && (second - 480) % 372 < 240;
			return {
				watts: Math.round((hard ? 290 : 130) + 14 * rough(second, 5)),
				bpm: Math.round((hard ? 168 : 138) + 6 * rough(second, 60)),
			};
		},
		{ name: 'Žiga’s 5 × 4 min – Über-unders', type: 1, ...described },
	);
}
