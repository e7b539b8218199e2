import { terraTime } from '../dates';
import { seedFrom } from '../rides/random';
import type { UserDay } from './day';
import { within } from './day';

const AUTOMATIC = 2;
const LEVELS = { light: 4, deep: 5, rem: 6 };

/** The night that starts on the evening of the day and ends on the next day. */
export function sleep(day: UserDay) {
	const { offsetMinutes, restingHeartRate } = day.profile;
	const startMs = day.startMs + Math.round(within(day, 'bedtime', 1320, 1410)) * 60_000;
	const inBed = Math.round(within(day, 'sleep', 380, 500)) * 60;
	const awake = Math.round(within(day, 'awake', 10, 40)) * 60;
	const asleep = inBed - awake;
	const deep = Math.round(asleep * 0.2);
	const rem = Math.round(asleep * 0.22);
	const time = (secondsIn: number) => terraTime(startMs + secondsIn * 1000, offsetMinutes);
	return {
		metadata: {
			summary_id: `sleep-${seedFrom(day.userId, 'sleep', day.number).toString(36)}`,
			start_time: time(0),
			end_time: time(inBed),
			is_nap: false,
			upload_type: AUTOMATIC,
			timestamp_localization: 1,
		},
		sleep_durations_data: {
			asleep: {
				duration_asleep_state_seconds: asleep,
				duration_deep_sleep_state_seconds: deep,
				duration_REM_sleep_state_seconds: rem,
				duration_light_sleep_state_seconds: asleep - deep - rem,
				num_REM_events: 4,
			},
			awake: { duration_awake_state_seconds: awake, num_wakeup_events: 2 },
			other: { duration_in_bed_seconds: inBed },
			sleep_efficiency: Number((asleep / inBed).toFixed(3)),
			hypnogram_samples: day.withSamples
				? [
						{ timestamp: time(0), level: LEVELS.light },
						{ timestamp: time(3000), level: LEVELS.deep },
						{ timestamp: time(9000), level: LEVELS.rem },
					]
				: [],
		},
		heart_rate_data: {
			summary: {
				avg_hr_bpm: restingHeartRate + 4,
				min_hr_bpm: restingHeartRate - 4,
				max_hr_bpm: 92,
			},
			detailed: { hr_samples: [], hrv_samples_rmssd: [], hrv_samples_sdnn: [] },
		},
		respiration_data: null,
		readiness_data: null,
		temperature_data: null,
		scores: { sleep: Math.round(within(day, 'score', 62, 93)) },
		device_data: { name: 'Forerunner 965', manufacturer: 'Garmin', other_devices: [] },
		data_enrichment: null,
	};
}
