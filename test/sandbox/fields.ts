type Shape = { [field: string]: Shape | true } | [Shape];

const names = (text: string): Record<string, true> =>
	Object.fromEntries(
		text
			.trim()
			.split(/\s+/)
			.map((name) => [name, true]),
	);

const clocked = (text: string): [Shape] => [
	{ ...names(text), ...names('timestamp timer_duration_seconds') },
];

const device = names(
	'name manufacturer serial_number hardware_version software_version activation_timestamp last_upload_date data_provided',
);

/** All fields of an Activity, as named in Terra's specification. A list stands for its items. */
export const ACTIVITY_FIELDS: Shape = {
	metadata: names(
		'summary_id start_time end_time type upload_type name city state country timestamp_localization',
	),
	active_durations_data: {
		...names(`activity_seconds inactivity_seconds rest_seconds low_intensity_seconds
			moderate_intensity_seconds vigorous_intensity_seconds num_continuous_inactive_periods
			standing_hours_count standing_seconds`),
		activity_levels_samples: clocked('activity_level'),
	},
	calories_data: {
		...names('total_burned_calories BMR_calories net_activity_calories net_intake_calories'),
		calorie_samples: clocked('calories'),
	},
	distance_data: {
		summary: {
			...names('distance_meters steps floors_climbed'),
			elevation: names(
				'avg_meters min_meters max_meters gain_actual_meters gain_planned_meters loss_actual_meters',
			),
			swimming: names('num_laps num_strokes pool_length_meters'),
		},
		detailed: {
			distance_samples: clocked('distance_meters'),
			elevation_samples: clocked('elev_meters'),
			step_samples: clocked('steps'),
			floors_climbed_samples: clocked('floors_climbed'),
		},
	},
	heart_rate_data: {
		summary: {
			...names(
				'avg_hr_bpm max_hr_bpm min_hr_bpm resting_hr_bpm user_max_hr_bpm avg_hrv_rmssd avg_hrv_sdnn',
			),
			hr_zone_data: [names('zone name start_percentage end_percentage duration_seconds')],
		},
		detailed: {
			hr_samples: clocked('bpm context'),
			hrv_samples_rmssd: [names('timestamp hrv_rmssd')],
			hrv_samples_sdnn: [names('timestamp hrv_sdnn')],
		},
	},
	power_data: { ...names('avg_watts max_watts'), power_samples: clocked('watts') },
	work_data: names('work_kilojoules'),
	energy_data: names('energy_kilojoules energy_planned_kilojoules'),
	TSS_data: {
		TSS_samples: [
			names(
				'planned actual method intensity_factor_planned intensity_factor_actual normalized_power_watts',
			),
		],
	},
	movement_data: {
		...names(`avg_speed_meters_per_second max_speed_meters_per_second
			normalized_speed_meters_per_second adjusted_max_speed_meters_per_second
			avg_velocity_meters_per_second max_velocity_meters_per_second avg_pace_minutes_per_kilometer
			max_pace_minutes_per_kilometer avg_cadence_rpm max_cadence_rpm avg_torque_newton_meters
			max_torque_newton_meters`),
		speed_samples: clocked('speed_meters_per_second'),
		cadence_samples: clocked('cadence_rpm'),
		torque_samples: clocked('torque_newton_meters'),
	},
	lap_data: {
		laps: [
			names(`start_time end_time active_duration_seconds distance_meters calories avg_hr_bpm avg_watts
				avg_speed_meters_per_second stroke_type total_strokes trigger_method`),
		],
	},
	position_data: {
		...names('start_pos_lat_lng_deg center_pos_lat_lng_deg end_pos_lat_lng_deg'),
		position_samples: clocked('coords_lat_lng_deg'),
	},
	polyline_map_data: names('summary_polyline'),
	device_data: { ...device, other_devices: [device] },
	oxygen_data: true,
	MET_data: true,
	strain_data: true,
	data_enrichment: true,
	cheat_detection: true,
};

/** The paths in a value that are not in the shape. */
export function unknownFields(
	value: unknown,
	shape: Shape | true | undefined,
	path = '',
): string[] {
	if (shape === undefined) return [path];
	if (value === null || shape === true) return [];
	if (Array.isArray(value)) {
		if (!Array.isArray(shape)) return [path];
		return value.flatMap((item) => unknownFields(item, shape[0], `${path}[]`));
	}
	if (typeof value !== 'object' || Array.isArray(shape)) return [path];
	return Object.entries(value).flatMap(([name, child]) =>
		unknownFields(child, shape[name], `${path}.${name}`),
	);
}
