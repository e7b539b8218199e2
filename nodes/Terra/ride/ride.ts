import {
	activityTypeName,
	CYCLING_TYPES,
	RUNNING_TYPES,
	uploadState,
	uploadTypeName,
} from '../terra/activityTypes';
import { idText } from '../terra/events';
import { amount, at, fields, list, number, text, type Fields } from '../terra/json';
import { recordKey } from '../terra/keys';
import { timesOf, type RecordTimes } from '../terra/recordTimes';
import { instant, secondsBetween } from '../terra/times';
import { lapsOf, type RiddenLap } from './laps';
import { spanOf } from './span';
import { offsetOfSamples, trackOf, type Track } from './track';

/** The time in one heart rate zone. */
export interface Zone {
	/** Terra's number, from 0. */
	zone: number;
	name: string;
	seconds: number;
}

/**
 * An activity from Terra, read once. A value that is missing, or of the wrong type, is null; zero is zero. Numbers
 * are in Terra's units: metres, metres per second, seconds, watts, beats and revolutions per minute.
 */
export interface Ride {
	/** The same for a ride and all its updates; null if Terra gave it no identity. */
	key: string | null;
	userId: string | null;
	referenceId: string | null;
	provider: string | null;
	summaryId: string | null;
	/** As the athlete wrote it. */
	name: string | null;
	/** The name in one line. */
	title: string | null;
	/** Terra's number for the kind of activity; 0 is valid. */
	type: number | null;
	/** The kind in words; empty if Terra did not say. */
	sport: string;
	/** The kind, as far as file formats distinguish it. */
	group: 'cycling' | 'running' | 'other';
	/** Terra's number for how the activity was uploaded. */
	uploadType: number | null;
	uploadTypeName: string;
	/** Terra's state of a ride that does not count: deleted, or not confirmed yet. */
	state: 'deleted' | 'pending' | null;
	/** As sent. */
	startTime: unknown;
	endTime: unknown;
	times: RecordTimes;
	/** The day of the start, on the clock that `times` names. */
	localDate: string | null;
	/** Milliseconds since 1970; a time without a known offset is read as UTC. */
	start: number | null;
	end: number | null;
	movingSeconds: number | null;
	/** From start to end, pauses included. */
	elapsedSeconds: number | null;
	/** Moving time, or from start to end if Terra has none. */
	durationSeconds: number | null;
	distance: number | null;
	climb: number | null;
	avgWatts: number | null;
	maxWatts: number | null;
	normalizedWatts: number | null;
	intensityFactor: number | null;
	tss: number | null;
	workKilojoules: number | null;
	calories: number | null;
	avgHeartRate: number | null;
	maxHeartRate: number | null;
	avgCadence: number | null;
	avgSpeed: number | null;
	/** Maker and name of the recording device. */
	device: string | null;
	/** City, state and country. */
	place: string | null;
	/** From the easiest zone to the hardest; empty if Terra has none. */
	zones(): Zone[];
	laps(): RiddenLap[];
	/** Every recorded second. Expensive: call it, and `laps`, only if samples are needed. */
	track(): Track;
}

/**
 * Reads whatever Terra sends and never throws.
 *
 * @param timezone of the workflow, for rides whose times are in UTC
 */
export function rideOf(activity: unknown, user?: unknown, timezone = 'UTC'): Ride {
	const metadata = fields(at(activity, 'metadata'));
	const tss = tssSample(activity);
	const account = fields(user);
	const value = (path: string) => amount(at(activity, path));
	const { start_time: startTime, end_time: endTime } = metadata;
	const times = timesOf('activity', activity, timezone);
	const { start, end } = times;
	const known = times.clock === 'workflow' ? 0 : (start?.offset ?? offsetOfSamples(activity));
	const offset = known ?? 0;
	const startInstant = start && instant(start, offset);
	const endInstant = end && instant(end, offset);
	const type = number(metadata.type);
	const name = text(metadata.name);
	const movingSeconds = movingTimeOf(activity);
	const elapsedSeconds = secondsBetween(start, end);
	const distance = value('distance_data.summary.distance_meters');
	let merged: Track | undefined;
	const track = () => (merged ??= trackOf(activity, startInstant, offset, known !== null));

	return {
		key: recordKey('activity', activity, user),
		userId: text(account.user_id),
		referenceId: text(account.reference_id),
		provider: text(account.provider),
		summaryId: idText(metadata.summary_id) ?? null,
		name,
		title: name?.replace(/\s+/g, ' ').trim() || null,
		type,
		sport: activityTypeName(metadata.type),
		group: groupOf(type),
		uploadType: number(metadata.upload_type),
		uploadTypeName: uploadTypeName(metadata.upload_type),
		state: uploadState(metadata.upload_type),
		startTime,
		endTime,
		times,
		localDate: times.day ?? null,
		start: startInstant,
		end: endInstant,
		movingSeconds,
		elapsedSeconds,
		durationSeconds: movingSeconds ?? elapsedSeconds,
		distance,
		climb: value('distance_data.summary.elevation.gain_actual_meters'),
		avgWatts: value('power_data.avg_watts'),
		maxWatts: value('power_data.max_watts'),
		normalizedWatts: amount(tss.normalized_power_watts),
		intensityFactor: amount(tss.intensity_factor_actual),
		tss: amount(tss.actual),
		workKilojoules: value('work_data.work_kilojoules'),
		calories: value('calories_data.total_burned_calories'),
		avgHeartRate: value('heart_rate_data.summary.avg_hr_bpm'),
		maxHeartRate: value('heart_rate_data.summary.max_hr_bpm'),
		avgCadence: value('movement_data.avg_cadence_rpm'),
		avgSpeed: value('movement_data.avg_speed_meters_per_second'),
		device: deviceName(activity),
		place: placeName(metadata),
		zones: () => zonesOf(activity),
		laps() {
			return lapsOf(list(at(activity, 'lap_data.laps')), offset, {
				...spanOf({ start: startInstant, end: endInstant }, track()),
				movingSeconds,
				distance,
				track: track(),
			});
		},
		track,
	};
}

/** The kind in words, for people. */
export function sportOf({ sport }: Ride): string {
	return sport || 'Activity';
}

/** The ride's title: its name, or else its kind. */
export function titleOf(ride: Ride): string {
	return ride.title ?? sportOf(ride);
}

/**
 * Normalised power, intensity and TSS share one sample. One based on power beats one based on heart rate, and a planned
 * one never hides a ridden one.
 */
function tssSample(activity: unknown): Fields {
	const samples = list(at(activity, 'TSS_data.TSS_samples')).map(fields);
	const has = (name: string) => (sample: Fields) => number(sample[name]) !== null;
	const ridden = samples.filter(has('actual'));
	return ridden.find(has('normalized_power_watts')) ?? ridden[0] ?? samples[0] ?? {};
}

const SIGNS_OF_MOTION = [
	'distance_data.summary.distance_meters',
	'power_data.avg_watts',
	'movement_data.avg_speed_meters_per_second',
	'movement_data.avg_cadence_rpm',
	'work_data.work_kilojoules',
];

/** A moving time of 0 despite a distance or work means that Terra does not have it. */
function movingTimeOf(activity: unknown): number | null {
	const seconds = amount(at(activity, 'active_durations_data.activity_seconds'));
	const hasMoved = SIGNS_OF_MOTION.some((path) => (number(at(activity, path)) ?? 0) > 0);
	return seconds === 0 && hasMoved ? null : seconds;
}

function groupOf(type: number | null): Ride['group'] {
	if (type === null) return 'other';
	if (CYCLING_TYPES.includes(type)) return 'cycling';
	return RUNNING_TYPES.includes(type) ? 'running' : 'other';
}

/** "Garmin Edge 840", whether or not the device's name already contains the maker. */
function deviceName(activity: unknown): string | null {
	const name = text(at(activity, 'device_data.name'));
	const maker = text(at(activity, 'device_data.manufacturer'));
	if (name === null || maker === null) return name ?? maker;
	return name.toLowerCase().startsWith(maker.toLowerCase()) ? name : `${maker} ${name}`;
}

function placeName({ city, state, country }: Fields): string | null {
	const parts = [city, state, country].map(text);
	return parts.filter((part) => part !== null).join(', ') || null;
}

function zonesOf(activity: unknown): Zone[] {
	return list(at(activity, 'heart_rate_data.summary.hr_zone_data'))
		.map(fields)
		.map((zone, index) => ({
			zone: number(zone.zone) ?? index,
			name: text(zone.name) ?? `Zone ${(number(zone.zone) ?? index) + 1}`,
			seconds: number(zone.duration_seconds) ?? -1,
		}))
		.filter(({ seconds }) => seconds >= 0)
		.sort((a, b) => a.zone - b.zone);
}
