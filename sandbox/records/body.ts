import { terraTime } from '../dates';
import type { UserDay } from './day';
import { dayMetadata, within } from './day';

/** A weigh-in in the morning. */
export function body(day: UserDay) {
	const weightKg = Number(within(day, 'weight', 66, 68).toFixed(1));
	const heightCm = 176;
	const bmi = Number((weightKg / (heightCm / 100) ** 2).toFixed(1));
	const fat = Number(within(day, 'fat', 13, 15).toFixed(1));
	return {
		metadata: dayMetadata(day),
		measurements_data: {
			measurements: [
				{
					measurement_time: terraTime(day.startMs + 7 * 3_600_000, day.profile.offsetMinutes),
					weight_kg: weightKg,
					height_cm: heightCm,
					BMI: bmi,
					bodyfat_percentage: fat,
				},
			],
			day_avg_weight_kg: weightKg,
			day_avg_height_cm: heightCm,
			day_avg_bmi: bmi,
			day_avg_bodyfat_percentage: fat,
		},
		heart_data: null,
		blood_pressure_data: null,
		glucose_data: null,
		hydration_data: null,
		ketone_data: null,
		oxygen_data: null,
		temperature_data: null,
		device_data: null,
	};
}
