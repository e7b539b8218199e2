/**
 * Terra's records as its API sends them. Every field but a few of `metadata` can be null or missing, whatever the type
 * says.
 */

/** Every field may be missing or null. */
export type Sparse<T> = { [K in keyof T]?: T[K] | null };

/** One person's connection to one provider. */
export interface TerraUser extends Sparse<{
	reference_id: string;
	active: boolean;
	/** Comma-separated text. */
	scopes: string;
	created_at: string;
	last_webhook_update: string;
}> {
	user_id: string;
	provider: string;
}

/** Sample fields that nearly every series has; the timer is the time elapsed minus pauses. */
export type Timed<T> = Sparse<T & { timestamp: string; timer_duration_seconds: number }>;

/** Latitude, longitude in degrees; either can be null. */
export type LatLng = Array<number | null>;

export interface Metadata extends Sparse<{
	/** 0 = times are UTC, 1 = times are local. */
	timestamp_localization: 0 | 1;
}> {
	/** ISO 8601 with microseconds. Without an offset it is the athlete's local time. */
	start_time: string;
	end_time: string;
}

export interface ActivityMetadata
	extends Metadata, Sparse<{ name: string; city: string; state: string; country: string }> {
	/** Unique for one user only. */
	summary_id: string;
	type: number;
	upload_type: number;
}

export type Device = Sparse<{
	name: string;
	manufacturer: string;
	serial_number: string;
	hardware_version: string;
	software_version: string;
	activation_timestamp: string;
	last_upload_date: string;
	data_provided: string[];
}>;

export type DeviceData = Device & Sparse<{ other_devices: Device[] }>;

export type ActiveDurationsData = Sparse<{
	activity_seconds: number;
	inactivity_seconds: number;
	rest_seconds: number;
	low_intensity_seconds: number;
	moderate_intensity_seconds: number;
	vigorous_intensity_seconds: number;
	num_continuous_inactive_periods: number;
	standing_hours_count: number;
	standing_seconds: number;
	activity_levels_samples: Array<Timed<{ activity_level: number }>>;
}>;

export type CaloriesData = Sparse<{
	total_burned_calories: number;
	BMR_calories: number;
	net_activity_calories: number;
	net_intake_calories: number;
	calorie_samples: Array<Timed<{ calories: number }>>;
}>;

export type Elevation = Sparse<{
	avg_meters: number;
	min_meters: number;
	max_meters: number;
	gain_actual_meters: number;
	gain_planned_meters: number;
	loss_actual_meters: number;
}>;

export type DistanceSummary = Sparse<{
	distance_meters: number;
	steps: number;
	floors_climbed: number;
	elevation: Elevation;
	swimming: Sparse<{ num_laps: number; num_strokes: number; pool_length_meters: number }>;
}>;

export type DistanceSamples = Sparse<{
	/** Metres since the start. */
	distance_samples: Array<Timed<{ distance_meters: number }>>;
	elevation_samples: Array<Timed<{ elev_meters: number }>>;
	step_samples: Array<Timed<{ steps: number }>>;
	floors_climbed_samples: Array<Timed<{ floors_climbed: number }>>;
}>;

export type HeartRateZone = Sparse<{
	/** Counted from 0. */
	zone: number;
	name: string;
	/** Of the maximum heart rate. */
	start_percentage: number;
	end_percentage: number;
	duration_seconds: number;
}>;

export type HeartRateData = Sparse<{
	summary: Sparse<{
		avg_hr_bpm: number;
		max_hr_bpm: number;
		min_hr_bpm: number;
		resting_hr_bpm: number;
		user_max_hr_bpm: number;
		avg_hrv_rmssd: number;
		avg_hrv_sdnn: number;
		hr_zone_data: HeartRateZone[];
	}>;
	detailed: Sparse<{
		hr_samples: Array<Timed<{ bpm: number; context: number }>>;
		hrv_samples_rmssd: Array<Sparse<{ timestamp: string; hrv_rmssd: number }>>;
		hrv_samples_sdnn: Array<Sparse<{ timestamp: string; hrv_sdnn: number }>>;
	}>;
}>;

export type MovementData = Sparse<{
	avg_speed_meters_per_second: number;
	max_speed_meters_per_second: number;
	normalized_speed_meters_per_second: number;
	adjusted_max_speed_meters_per_second: number;
	avg_velocity_meters_per_second: number;
	max_velocity_meters_per_second: number;
	avg_pace_minutes_per_kilometer: number;
	max_pace_minutes_per_kilometer: number;
	avg_cadence_rpm: number;
	max_cadence_rpm: number;
	avg_torque_newton_meters: number;
	max_torque_newton_meters: number;
	speed_samples: Array<Timed<{ speed_meters_per_second: number }>>;
	cadence_samples: Array<Timed<{ cadence_rpm: number }>>;
	torque_samples: Array<Timed<{ torque_newton_meters: number }>>;
}>;

export type PowerData = Sparse<{
	avg_watts: number;
	max_watts: number;
	power_samples: Array<Timed<{ watts: number }>>;
}>;

/** The place of normalised power, intensity factor and TSS. */
export type TssSample = Sparse<{
	planned: number;
	actual: number;
	method: string;
	intensity_factor_planned: number;
	intensity_factor_actual: number;
	normalized_power_watts: number;
}>;

export type Lap = Sparse<{
	start_time: string;
	end_time: string;
	active_duration_seconds: number;
	distance_meters: number;
	calories: number;
	avg_hr_bpm: number;
	avg_watts: number;
	avg_speed_meters_per_second: number;
	stroke_type: string;
	total_strokes: number;
	trigger_method: string;
}>;

export type PositionData = Sparse<{
	start_pos_lat_lng_deg: LatLng;
	center_pos_lat_lng_deg: LatLng;
	end_pos_lat_lng_deg: LatLng;
	position_samples: Array<Timed<{ coords_lat_lng_deg: LatLng }>>;
}>;

export type OxygenData = Sparse<{
	avg_saturation_percentage: number;
	vo2max_ml_per_min_per_kg: number;
	day_avg_vo2max_ml_per_min_per_kg: number;
	saturation_samples: Array<Sparse<{ timestamp: string; percentage: number; type: number }>>;
	vo2_samples: Array<Sparse<{ timestamp: string; vo2max_ml_per_min_per_kg: number }>>;
}>;

export type MetData = Sparse<{
	avg_level: number;
	num_low_intensity_minutes: number;
	num_moderate_intensity_minutes: number;
	num_high_intensity_minutes: number;
	num_inactive_minutes: number;
	MET_samples: Array<Sparse<{ timestamp: string; level: number }>>;
}>;

/** Terra's own scores, an add-on. They can come back null in an update. */
export type ActivityEnrichment = Sparse<{
	efficiency_score: number;
	efficiency_contributors: Record<string, number>;
	strain_score: number;
	strain_contributors: Record<string, number>;
	rcrs_score: number;
	rcrs_contributors: Record<string, number>;
	trimp_score: number;
	trimp_contributors: Record<string, number>;
}>;

export interface Activity extends Sparse<{
	active_durations_data: ActiveDurationsData;
	calories_data: CaloriesData;
	distance_data: Sparse<{ summary: DistanceSummary; detailed: DistanceSamples }>;
	heart_rate_data: HeartRateData;
	power_data: PowerData;
	work_data: Sparse<{ work_kilojoules: number }>;
	energy_data: Sparse<{ energy_kilojoules: number; energy_planned_kilojoules: number }>;
	TSS_data: Sparse<{ TSS_samples: TssSample[] }>;
	movement_data: MovementData;
	lap_data: Sparse<{ laps: Lap[] }>;
	position_data: PositionData;
	polyline_map_data: Sparse<{ summary_polyline: string }>;
	device_data: DeviceData;
	oxygen_data: OxygenData;
	MET_data: MetData;
	strain_data: Sparse<{ strain_level: number }>;
	data_enrichment: ActivityEnrichment;
	cheat_detection: number;
}> {
	metadata: ActivityMetadata;
}

export type Athlete = Sparse<{
	first_name: string;
	last_name: string;
	email: string;
	sex: string;
	gender: string;
	date_of_birth: string;
	age: number;
	bio: string;
	city: string;
	state: string;
	country: string;
	account_creation_date: string;
	provider_user_id: string;
}>;

/** A record of a day or a night: body, daily, menstruation, nutrition, sleep. */
export interface DatedRecord {
	metadata: Metadata & Sparse<{ summary_id: string; upload_type: number; is_nap: boolean }>;
	[part: string]: unknown;
}

/** The body that Terra posts to a destination. `user` is missing on a few types, and an athlete event has no `data`. */
export interface EventBody {
	type: string;
	version?: string;
	user?: TerraUser;
	data?: unknown;
	athlete?: Athlete;
	[field: string]: unknown;
}
