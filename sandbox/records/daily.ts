import { DAY_MS } from '../dates';
import type { UserDay } from './day';
import { dayMetadata, every, within } from './day';

const AUTOMATIC = 1;

/** A day's totals from a watch: steps, heart rate, energy, stress. */
export function daily(day: UserDay) {
	const steps = Math.round(within(day, 'steps', 4000, 16_000));
	const activeSeconds = Math.round(steps * 0.6);
	const resting = day.profile.restingHeartRate;
	const netCalories = Math.round(steps * 0.042);
	const basal = 1620;
	return {
		metadata: { ...dayMetadata(day), upload_type: AUTOMATIC },
		active_durations_data: {
			activity_seconds: activeSeconds,
			inactivity_seconds: DAY_MS / 1000 - activeSeconds,
			low_intensity_seconds: Math.floor(activeSeconds / 2),
			moderate_intensity_seconds: Math.ceil(activeSeconds / 2),
			vigorous_intensity_seconds: 0,
			activity_levels_samples: [],
		},
		calories_data: {
			BMR_calories: basal,
			net_activity_calories: netCalories,
			total_burned_calories: basal + netCalories,
			calorie_samples: [],
		},
		distance_data: {
			distance_meters: Math.round(steps * 0.76),
			steps,
			floors_climbed: Math.round(within(day, 'floors', 0, 20)),
			elevation: null,
			swimming: null,
			detailed: {
				distance_samples: [],
				elevation_samples: [],
				floors_climbed_samples: [],
				step_samples: every(day, 3600, (timestamp, part) => ({
					timestamp,
					steps: Math.round(steps * (part + 1 / 24)) - Math.round(steps * part),
					timer_duration_seconds: null,
				})),
			},
		},
		heart_rate_data: {
			summary: {
				resting_hr_bpm: resting,
				avg_hr_bpm: resting + 18,
				min_hr_bpm: resting - 3,
				max_hr_bpm: resting + Math.round(within(day, 'max', 60, 110)),
				avg_hrv_rmssd: Math.round(within(day, 'hrv', 38, 82)),
			},
			detailed: {
				hr_samples: every(day, 900, (timestamp, part) => ({
					timestamp,
					bpm: Math.round(resting + 18 - 12 * Math.cos(part * 2 * Math.PI)),
					timer_duration_seconds: null,
					context: 0,
				})),
				hrv_samples_rmssd: [],
				hrv_samples_sdnn: [],
			},
		},
		stress_data: {
			avg_stress_level: Math.round(within(day, 'stress', 18, 48)),
			max_stress_level: 90,
			samples: [],
			body_battery_samples: [],
		},
		scores: null,
		device_data: { name: 'Forerunner 965', manufacturer: 'Garmin', other_devices: [] },
		MET_data: null,
		oxygen_data: null,
		strain_data: null,
		data_enrichment: null,
		tag_data: null,
	};
}
