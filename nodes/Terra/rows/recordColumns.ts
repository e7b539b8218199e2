import type { Column } from './columns';
import type { RecordType } from '../terra/events';
import { at, fields, list, number, text, type Fields } from '../terra/json';
import type { RecordTimes } from '../terra/recordTimes';
import { instant, parseTime, showTime, type Times } from '../terra/times';
import type { Quantity } from '../ride/units';

/** A record prepared for its columns. */
export interface RecordSource {
	record: unknown;
	/** How start and end are written. */
	times: Times;
	recordTimes: RecordTimes;
}

export type RecordColumn = Column<RecordSource>;

/** A column for one of Terra's fields; it has the field's name unless another is given. */
function leaf(
	path: string,
	description: string,
	unit?: string,
	name = path.split('.').at(-1)!,
): RecordColumn {
	return { name, description, unit, read: ({ record }) => scalar(at(record, path)) };
}

/** A number without a unit. */
function count(path: string, description: string, name?: string): RecordColumn {
	return { ...leaf(path, description, undefined, name), type: 'number' };
}

function flag(path: string, description: string): RecordColumn {
	return { ...leaf(path, description), type: 'boolean' };
}

function measured(path: string, description: string, quantity: Quantity): RecordColumn {
	return { ...leaf(path, description, 'm'), quantity };
}

/**
 * Terra gives a body measure as the average of the day, or only as single measurements: then the latest counts. Of
 * measurements with a weight only the latest is used, so that no row mixes two weighings.
 */
function bodyMeasure(
	average: string,
	single: string,
	description: string,
	unit?: string,
): RecordColumn {
	return {
		name: average,
		description,
		unit,
		read: ({ record }) => {
			const measurements = at(record, 'measurements_data.measurements');
			const has = (name: string) => (measurement: Fields) => number(measurement[name]) !== null;
			const weighing = latest(measurements, 'measurement_time', has('weight_kg'));
			const measurement = latest(
				measurements,
				'measurement_time',
				(one) => has(single)(one) && (one === weighing || !has('weight_kg')(one)),
			);
			return number(at(record, `measurements_data.${average}`)) ?? number(measurement[single]);
		},
	};
}

/** A measure that Terra gives as the average of the day, or only as samples: then the latest counts. */
function sampled(
	average: string,
	samples: string,
	sample: string,
	description: string,
	unit: string,
	others: readonly string[] = [],
): RecordColumn {
	const isMeasured = (fields: Fields) =>
		[sample, ...others].some((name) => number(fields[name]) !== null);
	return {
		...leaf(average, description, unit),
		read: ({ record }) =>
			number(at(record, average)) ??
			number(latest(at(record, samples), 'timestamp', isMeasured)[sample]),
	};
}

/** The latest of the wanted samples, whatever their order; if none has a time, the last one. */
function latest(samples: unknown, timeName: string, isWanted: (sample: Fields) => boolean): Fields {
	let found: Fields = {};
	let latestAt = -Infinity;
	for (const sample of list(samples).map(fields)) {
		const time = parseTime(sample[timeName]);
		const sampleAt = time ? instant(time, 0) : -Infinity;
		if (!isWanted(sample) || sampleAt < latestAt) continue;
		[found, latestAt] = [sample, sampleAt];
	}
	return found;
}

function scalar(value: unknown): unknown {
	return typeof value === 'boolean' ? value : (number(value) ?? text(value));
}

const DATES: readonly RecordColumn[] = [
	{
		name: 'local_date',
		description: "Day of the start in the athlete's calendar",
		read: ({ recordTimes }) => recordTimes.day,
	},
	{
		name: 'start_time',
		description: 'Start, written as the option "Times" says',
		read: ({ record, times, recordTimes }) =>
			showTime(at(record, 'metadata.start_time'), recordTimes.start, times),
	},
	{
		name: 'end_time',
		description: 'End, written as the option "Times" says',
		read: ({ record, times, recordTimes }) =>
			showTime(at(record, 'metadata.end_time'), recordTimes.end, times),
	},
];

const HEART = 'heart_rate_data.summary';

/**
 * The columns of each type of record other than activity, after those for key, status and user. A type without columns
 * (null) gets a row of its scalar fields.
 */
export const RECORD_COLUMNS: Readonly<
	Record<Exclude<RecordType, 'activity'>, readonly RecordColumn[] | null>
> = {
	athlete: [
		leaf('first_name', 'First name'),
		leaf('last_name', 'Last name'),
		leaf('email', 'Email address'),
		leaf('sex', 'Sex'),
		leaf('gender', 'Gender'),
		leaf('date_of_birth', 'Date of birth'),
		leaf('age', 'Age', 'years'),
		leaf('bio', 'About the athlete'),
		leaf('city', 'City'),
		leaf('state', 'State'),
		leaf('country', 'Country'),
		leaf('account_creation_date', 'When the account at the provider was created'),
		leaf('provider_user_id', "The provider's ID of the athlete"),
	],
	body: [
		...DATES,
		bodyMeasure('day_avg_weight_kg', 'weight_kg', 'Weight', 'kg'),
		bodyMeasure('day_avg_height_cm', 'height_cm', 'Height', 'cm'),
		{ ...bodyMeasure('day_avg_bmi', 'BMI', 'Body mass index'), type: 'number' },
		bodyMeasure('day_avg_bodyfat_percentage', 'bodyfat_percentage', 'Body fat', '%'),
		bodyMeasure('day_avg_muscle_mass_g', 'muscle_mass_g', 'Muscle mass', 'g'),
		bodyMeasure('day_avg_lean_mass_g', 'lean_mass_g', 'Lean mass', 'g'),
		bodyMeasure('day_avg_bone_mass_g', 'bone_mass_g', 'Bone mass', 'g'),
		bodyMeasure('day_avg_water_percentage', 'water_percentage', 'Body water', '%'),
		bodyMeasure('day_avg_bmr', 'BMR', 'Basal metabolic rate', 'kcal'),
		leaf('heart_data.heart_rate_data.summary.resting_hr_bpm', 'Resting heart rate', 'bpm'),
		leaf('heart_data.heart_rate_data.summary.avg_hr_bpm', 'Average heart rate', 'bpm'),
		leaf(
			'heart_data.heart_rate_data.summary.avg_hrv_rmssd',
			'Heart rate variability (RMSSD)',
			'ms',
		),
		leaf('heart_data.heart_rate_data.summary.avg_hrv_sdnn', 'Heart rate variability (SDNN)', 'ms'),
		sampled(
			'blood_pressure_data.day_avg_systolic_bp',
			'blood_pressure_data.blood_pressure_samples',
			'systolic_bp',
			'Systolic blood pressure',
			'mmHg',
			['diastolic_bp'],
		),
		sampled(
			'blood_pressure_data.day_avg_diastolic_bp',
			'blood_pressure_data.blood_pressure_samples',
			'diastolic_bp',
			'Diastolic blood pressure',
			'mmHg',
			['systolic_bp'],
		),
		sampled(
			'glucose_data.day_avg_blood_glucose_mg_per_dL',
			'glucose_data.blood_glucose_samples',
			'blood_glucose_mg_per_dL',
			'Blood glucose',
			'mg/dL',
		),
		leaf('hydration_data.day_total_water_consumption_ml', 'Water drunk', 'ml'),
		leaf('oxygen_data.avg_saturation_percentage', 'Oxygen saturation', '%'),
		leaf('oxygen_data.vo2max_ml_per_min_per_kg', 'VO2 max', 'ml/min/kg'),
		sampled(
			'temperature_data.day_avg_body_temperature_celsius',
			'temperature_data.body_temperature_samples',
			'temperature_celsius',
			'Body temperature',
			'°C',
		),
	],
	daily: [
		...DATES,
		count('distance_data.steps', 'Steps'),
		measured('distance_data.distance_meters', 'Distance', 'distance'),
		count('distance_data.floors_climbed', 'Floors climbed'),
		measured('distance_data.elevation.gain_actual_meters', 'Elevation gain', 'height'),
		leaf('active_durations_data.activity_seconds', 'Active time', 's'),
		leaf('active_durations_data.moderate_intensity_seconds', 'Time at moderate intensity', 's'),
		leaf('active_durations_data.vigorous_intensity_seconds', 'Time at vigorous intensity', 's'),
		leaf('calories_data.total_burned_calories', 'Energy burned', 'kcal'),
		leaf('calories_data.net_activity_calories', 'Energy burned by activity', 'kcal'),
		leaf('calories_data.BMR_calories', 'Energy burned at rest', 'kcal'),
		leaf(`${HEART}.resting_hr_bpm`, 'Resting heart rate', 'bpm'),
		leaf(`${HEART}.avg_hr_bpm`, 'Average heart rate', 'bpm'),
		leaf(`${HEART}.max_hr_bpm`, 'Highest heart rate', 'bpm'),
		leaf(`${HEART}.avg_hrv_rmssd`, 'Heart rate variability (RMSSD)', 'ms'),
		leaf('oxygen_data.avg_saturation_percentage', 'Oxygen saturation', '%'),
		leaf('oxygen_data.vo2max_ml_per_min_per_kg', 'VO2 max', 'ml/min/kg'),
		count('stress_data.avg_stress_level', 'Average stress'),
		count('stress_data.max_stress_level', 'Highest stress'),
		count('strain_data.strain_level', 'Strain'),
		count('scores.activity', 'Activity score', 'activity_score'),
		count('scores.recovery', 'Recovery score', 'recovery_score'),
		count('scores.sleep', 'Sleep score', 'sleep_score'),
	],
	health_observation: null,
	hormone: null,
	lab_report: null,
	menstruation: [
		...DATES,
		leaf('menstruation_data.period_start_date', 'First day of the period'),
		leaf('menstruation_data.period_length_days', 'Length of the period', 'days'),
		leaf('menstruation_data.cycle_length_days', 'Length of the cycle', 'days'),
		leaf('menstruation_data.predicted_cycle_length_days', 'Predicted length of the cycle', 'days'),
		count('menstruation_data.day_in_cycle', 'Day in the cycle'),
		count('menstruation_data.current_phase', 'Phase'),
		leaf('menstruation_data.length_of_current_phase_days', 'Length of the phase', 'days'),
		leaf('menstruation_data.days_until_next_phase', 'Time to the next phase', 'days'),
		flag('menstruation_data.is_predicted_cycle', 'Whether the cycle is a prediction'),
		leaf('menstruation_data.fertility_window_start', 'Start of the fertile window'),
		leaf('menstruation_data.fertility_window_end', 'End of the fertile window'),
		leaf('menstruation_data.ovulation_day', 'Day of ovulation'),
	],
	nutrition: [
		...DATES,
		{
			name: 'meals',
			description: 'Number of meals recorded',
			type: 'number',
			read: ({ record }) =>
				Array.isArray(at(record, 'meals')) ? list(at(record, 'meals')).length : null,
		},
		leaf('summary.macros.calories', 'Energy consumed', 'kcal'),
		leaf('summary.macros.carbohydrates_g', 'Carbohydrates', 'g'),
		leaf('summary.macros.protein_g', 'Protein', 'g'),
		leaf('summary.macros.fat_g', 'Fat', 'g'),
		leaf('summary.macros.saturated_fat_g', 'Saturated fat', 'g'),
		leaf('summary.macros.fiber_g', 'Fibre', 'g'),
		leaf('summary.macros.sugar_g', 'Sugar', 'g'),
		leaf('summary.macros.sodium_mg', 'Sodium', 'mg'),
		leaf('summary.macros.cholesterol_mg', 'Cholesterol', 'mg'),
		leaf('summary.macros.alcohol_g', 'Alcohol', 'g'),
		leaf('summary.water_ml', 'Water drunk', 'ml'),
	],
	planned_workout: null,
	route: null,
	sleep: [
		...DATES,
		leaf('metadata.summary_id', "Terra's ID of the sleep, where the provider has one"),
		flag('metadata.is_nap', 'Whether it was a nap'),
		leaf('sleep_durations_data.asleep.duration_asleep_state_seconds', 'Time asleep', 's'),
		leaf('sleep_durations_data.asleep.duration_deep_sleep_state_seconds', 'Deep sleep', 's'),
		leaf('sleep_durations_data.asleep.duration_light_sleep_state_seconds', 'Light sleep', 's'),
		leaf('sleep_durations_data.asleep.duration_REM_sleep_state_seconds', 'REM sleep', 's'),
		leaf('sleep_durations_data.awake.duration_awake_state_seconds', 'Time awake', 's'),
		count('sleep_durations_data.awake.num_wakeup_events', 'Times woken up'),
		leaf('sleep_durations_data.other.duration_in_bed_seconds', 'Time in bed', 's'),
		leaf('sleep_durations_data.sleep_efficiency', 'Share of the time in bed spent asleep', '%'),
		leaf(`${HEART}.avg_hr_bpm`, 'Average heart rate', 'bpm'),
		leaf(`${HEART}.min_hr_bpm`, 'Lowest heart rate', 'bpm'),
		leaf(`${HEART}.resting_hr_bpm`, 'Resting heart rate', 'bpm'),
		leaf(`${HEART}.avg_hrv_rmssd`, 'Heart rate variability (RMSSD)', 'ms'),
		count('respiration_data.breaths_data.avg_breaths_per_min', 'Breaths per minute'),
		leaf(
			'respiration_data.oxygen_saturation_data.avg_saturation_percentage',
			'Oxygen saturation',
			'%',
		),
		leaf('temperature_data.delta', 'Difference from the usual body temperature', '°C'),
		count('readiness_data.readiness', 'Readiness'),
		count('scores.sleep', 'Sleep score', 'sleep_score'),
	],
};
