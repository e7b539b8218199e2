import { at, fields, list, number } from '../terra/json';
import { instant, parseTime } from '../terra/times';

/** The sensors of a track, in Terra's units: degrees, metres, metres per second, beats and turns a minute, watts. */
export const SENSORS = [
	'latitude',
	'longitude',
	'elevation',
	'distance',
	'speed',
	'heartRate',
	'cadence',
	'power',
] as const;

export type Sensor = (typeof SENSORS)[number];

/**
 * All samples of an activity, merged by time: one point for each second in which any sensor reported.
 * Columns of numbers instead of objects, because a day's ride has 86,400 points. NaN is "no sample".
 */
export interface Track extends Readonly<Record<Sensor, Float64Array>> {
	readonly length: number;
	/** Milliseconds since 1970, whole seconds, ascending; on the athlete's clock if `zoned` is false. */
	readonly time: Float64Array;
	/** Seconds since the start without pauses, as the device counted them. */
	readonly timer: Float64Array;
	/** Whether Terra said how the times relate to UTC. */
	readonly zoned: boolean;
}

const SERIES: ReadonlyArray<{ path: string; leaf: string; sensor: Sensor }> = [
	{ path: 'distance_data.detailed.elevation_samples', leaf: 'elev_meters', sensor: 'elevation' },
	{ path: 'distance_data.detailed.distance_samples', leaf: 'distance_meters', sensor: 'distance' },
	{ path: 'movement_data.speed_samples', leaf: 'speed_meters_per_second', sensor: 'speed' },
	{ path: 'heart_rate_data.detailed.hr_samples', leaf: 'bpm', sensor: 'heartRate' },
	{ path: 'movement_data.cadence_samples', leaf: 'cadence_rpm', sensor: 'cadence' },
	{ path: 'power_data.power_samples', leaf: 'watts', sensor: 'power' },
];

const POSITIONS = 'position_data.position_samples';

interface ReadSamples {
	samples: readonly unknown[];
	/** The second of each sample, NaN if it has no time. */
	times: Float64Array;
}

/**
 * Merges the sample arrays of an activity. Samples of one second become one point, since devices stamp their
 * sensors a few milliseconds apart; of two values for one second the later one stays. Samples without a time
 * are left out. Never throws; an activity without samples gives a track of length 0.
 */
export function trackOf(activity: unknown): Track {
	const start = parseTime(at(activity, 'metadata.start_time'));
	const offset = start?.offset ?? 0;
	const readAt = (path: string): ReadSamples => {
		const samples = list(at(activity, path));
		return { samples, times: secondsOf(samples, offset) };
	};
	const series = SERIES.map(({ path, leaf, sensor }) => ({ ...readAt(path), leaf, sensor }));
	const positions = readAt(POSITIONS);

	const time = uniqueTimes([...series, positions]);
	const track = emptyTrack(time, isZoned(start?.offset, [...series, positions]));
	const indexOf = new Map<number, number>();
	for (let index = 0; index < time.length; index++) indexOf.set(time[index]!, index);

	for (const { samples, times, leaf, sensor } of series) {
		samples.forEach((sample, i) => {
			const index = indexOf.get(times[i]!);
			if (index === undefined) return;
			set(track[sensor], index, fields(sample)[leaf]);
			set(track.timer, index, fields(sample).timer_duration_seconds);
		});
	}
	positions.samples.forEach((sample, i) => {
		const index = indexOf.get(positions.times[i]!);
		if (index === undefined) return;
		setPosition(track, index, list(fields(sample).coords_lat_lng_deg));
		set(track.timer, index, fields(sample).timer_duration_seconds);
	});
	return track;
}

export function hasAny(column: Float64Array): boolean {
	return column.some((value) => !Number.isNaN(value));
}

/** Whether the point at an index has a place on the map. */
export function hasPosition(track: Track, index: number): boolean {
	return !Number.isNaN(track.latitude[index]!);
}

const BEYOND_ANY_SENSOR = 1e9;
const PAUSE_BY_TIMER_SECONDS = 5;
const PAUSE_BY_SILENCE_SECONDS = 60;

/**
 * Whether the recording stood still between two points: the clock went on and the timer did not, or, where the
 * device counts no timer, nothing at all was recorded for a minute.
 */
export function isPause(track: Track, before: number, after: number): boolean {
	const clock = (track.time[after]! - track.time[before]!) / 1000;
	const timer = track.timer[after]! - track.timer[before]!;
	if (!Number.isNaN(timer)) return clock - timer >= PAUSE_BY_TIMER_SECONDS;
	return clock > PAUSE_BY_SILENCE_SECONDS;
}

function secondsOf(samples: readonly unknown[], offset: number): Float64Array {
	const times = new Float64Array(samples.length).fill(NaN);
	samples.forEach((sample, index) => {
		const time = parseTime(fields(sample).timestamp);
		if (time) times[index] = Math.floor(instant(time, offset) / 1000) * 1000;
	});
	return times;
}

function uniqueTimes(all: readonly ReadSamples[]): Float64Array {
	const unique = new Set<number>();
	for (const { times } of all) {
		for (const time of times) if (!Number.isNaN(time)) unique.add(time);
	}
	return Float64Array.from(unique).sort();
}

/** The start says it for the whole ride; without one, the first sample does. */
function isZoned(startOffset: number | null | undefined, all: readonly ReadSamples[]): boolean {
	if (startOffset !== undefined) return startOffset !== null;
	const first = all.find(({ samples }) => samples.length > 0)?.samples[0];
	return (parseTime(fields(first).timestamp)?.offset ?? null) !== null;
}

function emptyTrack(time: Float64Array, zoned: boolean): Track {
	const column = () => new Float64Array(time.length).fill(NaN);
	return {
		length: time.length,
		time,
		zoned,
		timer: column(),
		latitude: column(),
		longitude: column(),
		elevation: column(),
		distance: column(),
		speed: column(),
		heartRate: column(),
		cadence: column(),
		power: column(),
	};
}

function set(column: Float64Array, index: number, value: unknown): void {
	const given = number(value);
	if (given !== null && Math.abs(given) <= BEYOND_ANY_SENSOR) column[index] = given;
}

function setPosition(track: Track, index: number, [lat, lng]: readonly unknown[]): void {
	const latitude = number(lat);
	const longitude = number(lng);
	if (latitude === null || longitude === null) return;
	if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return;
	track.latitude[index] = latitude;
	track.longitude[index] = longitude;
}
