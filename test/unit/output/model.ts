import type { Activity, TerraUser } from '../../support/terraTypes';

export const user: TerraUser = {
	user_id: '5f0c2b7a-8d31-4e46-a1f9-3b7e90c4d215',
	provider: 'XERT',
	reference_id: 'athlete-7',
	active: true,
	scopes: null,
	created_at: '2026-09-01T10:00:00.000000+00:00',
	last_webhook_update: null,
};

const at = (seconds: number) =>
	`${new Date(Date.UTC(2026, 10, 14, 8, 30, seconds)).toISOString().slice(0, 23)}000+01:00`;

/** A short outdoor ride in Terra's model with every field of an activity filled, samples at different rates. */
export function fullActivity(): Activity {
	const seconds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
	const every = (step: number) => seconds.filter((second) => second % step === 0);
	const timed = (second: number) => ({ timestamp: at(second), timer_duration_seconds: second });
	return {
		metadata: {
			summary_id: 'ride-2026-11-14',
			name: 'Hills & <valleys> "east"',
			type: 16,
			upload_type: 1,
			start_time: at(0),
			end_time: at(9),
			timestamp_localization: 1,
			city: 'Freiburg',
			state: 'Baden',
			country: 'Germany',
		},
		active_durations_data: {
			activity_seconds: 3753,
			inactivity_seconds: 12,
			rest_seconds: 60,
			low_intensity_seconds: 900,
			moderate_intensity_seconds: 1800,
			vigorous_intensity_seconds: 1053,
			num_continuous_inactive_periods: 1,
			standing_hours_count: 1,
			standing_seconds: 5,
			activity_levels_samples: every(5).map((second) => ({ ...timed(second), activity_level: 4 })),
		},
		calories_data: {
			total_burned_calories: 801,
			BMR_calories: 80,
			net_activity_calories: 721,
			net_intake_calories: 100,
			calorie_samples: every(5).map((second) => ({ ...timed(second), calories: second })),
		},
		distance_data: {
			summary: {
				distance_meters: 31234.5,
				steps: 3,
				floors_climbed: 40,
				elevation: {
					avg_meters: 300,
					min_meters: 240,
					max_meters: 410,
					gain_actual_meters: 512,
					gain_planned_meters: 500,
					loss_actual_meters: 498,
				},
				swimming: { num_laps: 1, num_strokes: 2, pool_length_meters: 25 },
			},
			detailed: {
				distance_samples: seconds.map((second) => ({
					...timed(second),
					distance_meters: second * 8,
				})),
				elevation_samples: every(2).map((second) => ({
					...timed(second),
					elev_meters: 240 + second,
				})),
				step_samples: every(5).map((second) => ({ ...timed(second), steps: 1 })),
				floors_climbed_samples: every(5).map((second) => ({ ...timed(second), floors_climbed: 1 })),
			},
		},
		heart_rate_data: {
			summary: {
				avg_hr_bpm: 147,
				max_hr_bpm: 181,
				min_hr_bpm: 92,
				resting_hr_bpm: 48,
				user_max_hr_bpm: 190,
				avg_hrv_rmssd: 30,
				avg_hrv_sdnn: 35,
				hr_zone_data: [
					{
						zone: 0,
						name: 'Easy',
						start_percentage: 50,
						end_percentage: 70,
						duration_seconds: 1200,
					},
					{
						zone: 1,
						name: 'Hard',
						start_percentage: 70,
						end_percentage: 100,
						duration_seconds: 2553,
					},
				],
			},
			detailed: {
				hr_samples: every(5).map((second) => ({ ...timed(second), bpm: 140 + second, context: 1 })),
				hrv_samples_rmssd: [{ timestamp: at(0), hrv_rmssd: 31 }],
				hrv_samples_sdnn: [{ timestamp: at(0), hrv_sdnn: 36 }],
			},
		},
		power_data: {
			avg_watts: 214,
			max_watts: 688,
			power_samples: seconds.map((second) => ({ ...timed(second), watts: 200 + second })),
		},
		work_data: { work_kilojoules: 803 },
		energy_data: { energy_kilojoules: 3351, energy_planned_kilojoules: 3000 },
		TSS_data: {
			TSS_samples: [
				{
					planned: 80,
					actual: 84.2,
					method: 'power',
					intensity_factor_planned: 0.85,
					intensity_factor_actual: 0.9,
					normalized_power_watts: 234,
				},
			],
		},
		movement_data: {
			avg_speed_meters_per_second: 8.32,
			max_speed_meters_per_second: 17.1,
			normalized_speed_meters_per_second: 8.5,
			adjusted_max_speed_meters_per_second: 17,
			avg_velocity_meters_per_second: 8.3,
			max_velocity_meters_per_second: 17.2,
			avg_pace_minutes_per_kilometer: 2,
			max_pace_minutes_per_kilometer: 1,
			avg_cadence_rpm: 86,
			max_cadence_rpm: 118,
			avg_torque_newton_meters: 24,
			max_torque_newton_meters: 70,
			speed_samples: seconds.map((second) => ({ ...timed(second), speed_meters_per_second: 8 })),
			cadence_samples: seconds.map((second) => ({ ...timed(second), cadence_rpm: 85 })),
			torque_samples: seconds.map((second) => ({ ...timed(second), torque_newton_meters: 24 })),
		},
		lap_data: {
			laps: [
				{
					start_time: at(0),
					end_time: at(5),
					active_duration_seconds: 5,
					distance_meters: 40,
					calories: 2,
					avg_hr_bpm: 142,
					avg_watts: 202,
					avg_speed_meters_per_second: 8,
					stroke_type: 'none',
					total_strokes: 1,
					trigger_method: 'MANUAL',
				},
				{
					start_time: at(5),
					end_time: at(9),
					active_duration_seconds: 4,
					distance_meters: 32,
					calories: 2,
					avg_hr_bpm: 145,
					avg_watts: 207,
					avg_speed_meters_per_second: 8,
					stroke_type: 'none',
					total_strokes: 1,
					trigger_method: 'SESSION_END',
				},
			],
		},
		position_data: {
			start_pos_lat_lng_deg: [47.99, 7.84],
			center_pos_lat_lng_deg: [47.995, 7.845],
			end_pos_lat_lng_deg: [48, 7.85],
			position_samples: seconds.map((second) => ({
				...timed(second),
				coords_lat_lng_deg: [47.99 + second / 10_000, 7.84 + second / 10_000],
			})),
		},
		polyline_map_data: { summary_polyline: 'abc' },
		device_data: {
			name: 'ELEMNT Bolt',
			manufacturer: 'Wahoo',
			serial_number: 'S1',
			hardware_version: '1',
			software_version: '2',
			activation_timestamp: at(0),
			last_upload_date: at(9),
			data_provided: ['HEART_RATE'],
			other_devices: [{ name: 'Pedals', manufacturer: 'Favero' }],
		},
		oxygen_data: {
			avg_saturation_percentage: 97,
			vo2max_ml_per_min_per_kg: 55,
			day_avg_vo2max_ml_per_min_per_kg: 54,
			saturation_samples: [{ timestamp: at(0), percentage: 97, type: 0 }],
			vo2_samples: [{ timestamp: at(0), vo2max_ml_per_min_per_kg: 55 }],
		},
		MET_data: {
			avg_level: 8,
			num_low_intensity_minutes: 10,
			num_moderate_intensity_minutes: 20,
			num_high_intensity_minutes: 30,
			num_inactive_minutes: 1,
			MET_samples: [{ timestamp: at(0), level: 8 }],
		},
		strain_data: { strain_level: 12 },
		data_enrichment: {
			efficiency_score: 1,
			efficiency_contributors: { pace: 1 },
			strain_score: 2,
			strain_contributors: { load: 2 },
			rcrs_score: 3,
			rcrs_contributors: { rest: 3 },
			trimp_score: 4,
			trimp_contributors: { heart: 4 },
		},
		cheat_detection: 0,
	};
}

/** The paths of all values that are not objects or arrays. Only the first two elements of an array count. */
export function leavesOf(value: unknown, path: string[] = []): string[][] {
	if (typeof value !== 'object' || value === null) return [path];
	return childrenOf(value).flatMap(([key, child]) => leavesOf(child, [...path, key]));
}

/** The paths of all objects and arrays inside a record. */
export function branchesOf(value: unknown, path: string[] = []): string[][] {
	if (typeof value !== 'object' || value === null) return [];
	const inside = childrenOf(value).flatMap(([key, child]) => branchesOf(child, [...path, key]));
	return path.length > 0 ? [path, ...inside] : inside;
}

function childrenOf(value: object): Array<[string, unknown]> {
	const entries = Object.entries(value);
	return Array.isArray(value) ? entries.slice(0, 2) : entries;
}

/** A copy of the record with the value at one path replaced. */
export function changed<T>(record: T, path: readonly string[], value: unknown): T {
	const copy = structuredClone(record);
	let parent = copy as Record<string, unknown>;
	for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
	parent[path.at(-1)!] = value;
	return copy;
}

/** A copy of the record with every number 0. */
export function zeroed<T>(record: T): T {
	return JSON.parse(
		JSON.stringify(record, (_, value: unknown) => (typeof value === 'number' ? 0 : value)),
	) as T;
}
