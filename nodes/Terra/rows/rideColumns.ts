import type { Ride } from '../ride/ride';
import { durationText, showTime, utcOffset, utcTime, type Times } from '../terra/times';
import type { Column } from './columns';

/** A ride, and what else is known about it. */
export interface RideSource {
	ride: Ride;
	/** "new" or "updated"; null if unknown. */
	status: string | null;
	/** How start and end are written. */
	times: Times;
}

/** The most that providers have: five, and sometimes one below them. */
const TERRA_ZONES = 6;

/** The columns of an activity in order: name, meaning and source. */
export const RIDE_COLUMNS: ReadonlyArray<Column<RideSource>> = [
	{
		name: 'activity_key',
		description:
			'Reference ID, provider and summary ID: the same for a ride and all its updates, so match rows on it',
		read: ({ ride }) => ride.key,
	},
	{
		name: 'status',
		description:
			'"new" or "updated", "deleted" or "pending"; empty in history and in test runs, where it is unknown',
		read: ({ ride, status }) => ride.state ?? status,
	},
	{
		name: 'user_id',
		description: "Terra's ID of the connection",
		read: ({ ride }) => ride.userId,
	},
	{
		name: 'reference_id',
		description: 'Your own ID for the athlete, given when connecting',
		read: ({ ride }) => ride.referenceId,
	},
	{
		name: 'provider',
		description: 'Where the ride comes from, such as XERT',
		read: ({ ride }) => ride.provider,
	},
	{
		name: 'summary_id',
		description: "Terra's ID of the activity, unique for one user",
		read: ({ ride }) => ride.summaryId,
	},
	{
		name: 'name',
		description: 'What the athlete called it',
		read: ({ ride }) => ride.name,
	},
	{
		name: 'sport',
		description: 'Kind of activity in words, such as Road Biking',
		read: ({ ride }) => ride.sport,
	},
	{
		name: 'type',
		description: "Kind of activity as Terra's number (0 is valid)",
		type: 'number',
		read: ({ ride }) => ride.type,
	},
	{
		name: 'local_date',
		description: 'Day of the start, on the clock that "local_clock" names',
		read: ({ ride }) => ride.localDate,
	},
	{
		name: 'start_time',
		description: 'Start, written as the option "Times" says',
		read: ({ ride, times }) => showTime(ride.startTime, ride.times.start, times),
	},
	{
		name: 'end_time',
		description: 'End, written as the option "Times" says',
		read: ({ ride, times }) => showTime(ride.endTime, ride.times.end, times),
	},
	{
		name: 'start_time_utc',
		description: 'Start in UTC; empty if Terra sent no offset',
		read: ({ ride }) => utcTime(ride.times.start),
	},
	{
		name: 'utc_offset',
		description:
			"How far the athlete's clock is from UTC, such as UTC+01:00; empty if Terra sent no offset",
		read: ({ ride: { times } }) => (times.clock === 'workflow' ? null : utcOffset(times.start)),
	},
	{
		name: 'local_clock',
		description:
			'Whose clock "local_date" and local times use: "athlete", or "workflow" if Terra only has UTC',
		read: ({ ride }) => ride.times.clock,
	},
	{
		name: 'moving_seconds',
		description: 'Moving time (Terra: activity_seconds)',
		unit: 's',
		read: ({ ride }) => ride.movingSeconds,
	},
	{
		name: 'elapsed_seconds',
		description: 'Time from start to end, pauses included',
		unit: 's',
		read: ({ ride }) => ride.elapsedSeconds,
	},
	{
		name: 'duration',
		description:
			'Moving time in a form that sheets read, such as 0:42:07; from start to end if Terra has no moving time',
		read: ({ ride }) => durationText(ride.durationSeconds),
	},
	{
		name: 'distance_meters',
		description: 'Distance',
		unit: 'm',
		quantity: 'distance',
		read: ({ ride }) => ride.distance,
	},
	{
		name: 'gain_actual_meters',
		description: 'Elevation gain',
		unit: 'm',
		quantity: 'height',
		read: ({ ride }) => ride.climb,
	},
	{
		name: 'avg_watts',
		description: 'Average power',
		unit: 'W',
		read: ({ ride }) => ride.avgWatts,
	},
	{
		name: 'max_watts',
		description: 'Highest power',
		unit: 'W',
		read: ({ ride }) => ride.maxWatts,
	},
	{
		name: 'normalized_power_watts',
		description: 'Normalised power',
		unit: 'W',
		read: ({ ride }) => ride.normalizedWatts,
	},
	{
		name: 'intensity_factor_actual',
		description: 'Intensity factor: normalised power over threshold power',
		type: 'number',
		read: ({ ride }) => ride.intensityFactor,
	},
	{
		name: 'tss',
		description: 'Training Stress Score (Terra: TSS_samples, actual)',
		type: 'number',
		read: ({ ride }) => ride.tss,
	},
	{
		name: 'work_kilojoules',
		description: 'Work done on the pedals',
		unit: 'kJ',
		read: ({ ride }) => ride.workKilojoules,
	},
	{
		name: 'total_burned_calories',
		description: 'Energy burned',
		unit: 'kcal',
		read: ({ ride }) => ride.calories,
	},
	{
		name: 'avg_hr_bpm',
		description: 'Average heart rate',
		unit: 'bpm',
		read: ({ ride }) => ride.avgHeartRate,
	},
	{
		name: 'max_hr_bpm',
		description: 'Highest heart rate',
		unit: 'bpm',
		read: ({ ride }) => ride.maxHeartRate,
	},
	{
		name: 'avg_cadence_rpm',
		description: 'Average cadence',
		unit: 'rpm',
		read: ({ ride }) => ride.avgCadence,
	},
	{
		name: 'avg_speed_meters_per_second',
		description: 'Average speed',
		unit: 'm/s',
		quantity: 'speed',
		read: ({ ride }) => ride.avgSpeed,
	},
	{
		name: 'device',
		description: 'Maker and name of the recording device',
		read: ({ ride }) => ride.device,
	},
	{
		name: 'place',
		description: 'City, state and country',
		read: ({ ride }) => ride.place,
	},
	{
		name: 'upload_type',
		description:
			'How the activity reached the provider, such as Automatic, Manual, or Delete for one that was removed',
		read: ({ ride }) => ride.uploadTypeName,
	},
	...Array.from({ length: TERRA_ZONES }, (_, zone) => ({
		name: `hr_zone_${zone}_duration_seconds`,
		description: `Time in heart rate zone ${zone}, as Terra sends it (zones count from 0)`,
		unit: 's',
		read: ({ ride }: RideSource) => ride.zones().find((one) => one.zone === zone)?.seconds,
	})),
];
