import { activityTypeName, uploadTypeName } from '../terra/activityTypes';
import type { Column } from './columns';
import { at, fields, list, number, text, type Fields } from '../terra/read';
import { idText, recordKey } from '../terra/events';
import {
	durationText,
	localDate,
	secondsBetween,
	showTime,
	utcOffset,
	utcTime,
	type Times,
} from '../terra/times';

/** An activity made ready for its columns, which take their values from it. */
export interface Ride {
	activity: unknown;
	metadata: Fields;
	tss: Fields;
	user: Fields;
	status: string | null;
	times: Times;
}

type RideColumn = Column<Ride>;

const leaf = (name: string, path: string, description: string, unit?: string): RideColumn => ({
	name,
	description,
	unit,
	read: ({ activity }) => number(at(activity, path)),
});

/** The columns of an activity in their order: what they are called, what they mean, where they come from. */
export const ACTIVITY_COLUMNS: readonly RideColumn[] = [
	{
		name: 'activity_key',
		description:
			'User ID and summary ID (the start where there is none): one and the same for a ride and all its updates, so match rows on it',
		read: ({ user, activity }) => recordKey('activity', activity, user),
	},
	{
		name: 'status',
		description: '"new" or "updated"; empty in history and in test runs, where nobody knows',
		read: ({ status }) => status,
	},
	{
		name: 'user_id',
		description: "Terra's ID of the connection",
		isId: true,
		read: ({ user }) => text(user.user_id),
	},
	{
		name: 'reference_id',
		description: 'Your own ID of the athlete, given when connecting',
		isId: true,
		read: ({ user }) => text(user.reference_id),
	},
	{
		name: 'provider',
		description: 'Where the ride comes from, such as XERT',
		isId: true,
		read: ({ user }) => text(user.provider),
	},
	{
		name: 'summary_id',
		description: "Terra's ID of the activity, unique for one user",
		isId: true,
		read: ({ metadata }) => idText(metadata.summary_id),
	},
	{
		name: 'name',
		description: 'What the athlete called it',
		read: ({ metadata }) => text(metadata.name),
	},
	{
		name: 'sport',
		description: 'Kind of activity in words, such as Road Biking',
		read: ({ metadata }) => activityTypeName(metadata.type),
	},
	{
		name: 'type',
		description: "Kind of activity as Terra's number (0 is one, too)",
		read: ({ metadata }) => number(metadata.type),
	},
	{
		name: 'local_date',
		description: "Day of the start in the athlete's calendar",
		read: ({ metadata }) => localDate(metadata.start_time),
	},
	{
		name: 'start_time',
		description: 'Start, written as the option "Times" says',
		read: ({ metadata, times }) => showTime(metadata.start_time, times),
	},
	{
		name: 'end_time',
		description: 'End, written as the option "Times" says',
		read: ({ metadata, times }) => showTime(metadata.end_time, times),
	},
	{
		name: 'start_time_utc',
		description: 'Start in UTC; empty if Terra sent no offset',
		read: ({ metadata }) => utcTime(metadata.start_time),
	},
	{
		name: 'utc_offset',
		description:
			"How far the athlete's clock is from UTC, such as UTC+01:00; empty if Terra sent no offset",
		read: ({ metadata }) => utcOffset(metadata.start_time),
	},
	{
		name: 'moving_seconds',
		description: 'Time in motion (Terra: activity_seconds)',
		unit: 's',
		read: ({ activity }) => movingSeconds(activity),
	},
	{
		name: 'elapsed_seconds',
		description: 'Time from start to end, pauses included',
		unit: 's',
		read: ({ metadata }) => elapsedSeconds(metadata),
	},
	{
		name: 'duration',
		description:
			'Time in motion as text, such as 1:02:33; from start to end if Terra has no time in motion',
		read: ({ activity, metadata }) =>
			durationText(movingSeconds(activity) ?? elapsedSeconds(metadata)),
	},
	{
		...leaf('distance_meters', 'distance_data.summary.distance_meters', 'Distance', 'm'),
		quantity: 'distance',
	},
	{
		...leaf(
			'gain_actual_meters',
			'distance_data.summary.elevation.gain_actual_meters',
			'Height climbed',
			'm',
		),
		quantity: 'height',
	},
	leaf('avg_watts', 'power_data.avg_watts', 'Average power', 'W'),
	leaf('max_watts', 'power_data.max_watts', 'Highest power', 'W'),
	{
		name: 'normalized_power_watts',
		description: 'Normalised power',
		unit: 'W',
		read: ({ tss }) => number(tss.normalized_power_watts),
	},
	{
		name: 'intensity_factor_actual',
		description: 'Intensity factor: normalised power over threshold power',
		read: ({ tss }) => number(tss.intensity_factor_actual),
	},
	{
		name: 'tss',
		description: 'Training Stress Score (Terra: TSS_samples, actual)',
		read: ({ tss }) => number(tss.actual),
	},
	leaf('work_kilojoules', 'work_data.work_kilojoules', 'Work done on the pedals', 'kJ'),
	leaf('total_burned_calories', 'calories_data.total_burned_calories', 'Energy burned', 'kcal'),
	leaf('avg_hr_bpm', 'heart_rate_data.summary.avg_hr_bpm', 'Average heart rate', 'bpm'),
	leaf('max_hr_bpm', 'heart_rate_data.summary.max_hr_bpm', 'Highest heart rate', 'bpm'),
	leaf('avg_cadence_rpm', 'movement_data.avg_cadence_rpm', 'Average cadence', 'rpm'),
	{
		...leaf(
			'avg_speed_meters_per_second',
			'movement_data.avg_speed_meters_per_second',
			'Average speed',
			'm/s',
		),
		quantity: 'speed',
	},
	{
		name: 'device',
		description: 'Maker and name of the recording device',
		read: ({ activity }) => deviceName(activity),
	},
	{
		name: 'place',
		description: 'City, state and country',
		read: ({ activity }) => placeName(activity),
	},
	{
		name: 'upload_type',
		description:
			'How the activity came to the provider, such as Automatic, Manual, or Delete for one that was removed',
		read: ({ metadata }) => uploadTypeName(metadata.upload_type),
	},
];

/** Normalised power, intensity and TSS share one sample; a planned-only one must not hide the ridden one. */
export function tssSample(activity: unknown): Fields {
	const samples = list(at(activity, 'TSS_data.TSS_samples')).map(fields);
	return samples.find((sample) => number(sample.actual) !== null) ?? samples[0] ?? {};
}

function movingSeconds(activity: unknown): number | null {
	return number(at(activity, 'active_durations_data.activity_seconds'));
}

function elapsedSeconds(metadata: Fields): number | null {
	return secondsBetween(metadata.start_time, metadata.end_time);
}

/** "Garmin Edge 840", whether or not the device's name has the maker in it already. */
export function deviceName(activity: unknown): string | null {
	const name = text(at(activity, 'device_data.name'));
	const maker = text(at(activity, 'device_data.manufacturer'));
	if (name === null || maker === null) return name ?? maker;
	return name.toLowerCase().startsWith(maker.toLowerCase()) ? name : `${maker} ${name}`;
}

export function placeName(activity: unknown): string | null {
	const { city, state, country } = fields(at(activity, 'metadata'));
	const parts = [city, state, country].map(text);
	return parts.filter((part) => part !== null).join(', ') || null;
}
