import { at, fields, list, number, type Fields } from '../terra/json';
import { instant, parseTime, type Time } from '../terra/times';

/** The sensors of a track, in Terra's units: degrees, metres, metres per second, beats and revolutions per minute, watts. */
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
 * Columns of numbers instead of objects, because a day's ride has 86,400 points. NaN means "no sample".
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

/** The samples of one sensor, each with the second it belongs to, NaN if it cannot be placed. */
interface ReadSamples {
	samples: readonly unknown[];
	seconds: Float64Array;
}

/**
 * Merges the sample arrays of an activity. Samples of one second become one point, since devices stamp their
 * sensors a few milliseconds apart; of two values for one second the later one counts. Samples with neither a time nor
 * a timer are left out. Never throws; an activity without samples gives a track of length 0.
 *
 * @param start milliseconds since 1970, for samples that only say how long the timer had run; null if unknown
 * @param offset minutes ahead of UTC, for times without one
 * @param zoned whether that offset is known
 */
export function trackOf(
	activity: unknown,
	start: number | null,
	offset: number,
	zoned: boolean,
): Track {
	const sensors = [
		...SERIES.map(({ path, leaf, sensor }) => ({
			samples: list(at(activity, path)),
			write: (track: Track, index: number, sample: Fields) =>
				set(track[sensor], index, sample[leaf]),
		})),
		{
			samples: list(at(activity, POSITIONS)),
			write: (track: Track, index: number, sample: Fields) =>
				setPosition(track, index, list(sample.coords_lat_lng_deg)),
		},
	];
	const placed = placeAll(
		sensors.map(({ samples }) => samples),
		start,
		offset,
	);
	const time = uniqueSeconds(placed);
	const track = emptyTrack(time, zoned);
	const indexOf = new Map<number, number>();
	for (let index = 0; index < time.length; index++) indexOf.set(time[index]!, index);

	sensors.forEach(({ samples, write }, which) => {
		const { seconds } = placed[which]!;
		samples.forEach((sample, i) => {
			const index = indexOf.get(seconds[i]!);
			if (index === undefined) return;
			const given = fields(sample);
			write(track, index, given);
			set(track.timer, index, given.timer_duration_seconds);
		});
	});
	return track;
}

/** The offset in the samples of an activity, in minutes; null if none has one. */
export function offsetOfSamples(activity: unknown): number | null {
	for (const path of [POSITIONS, ...SERIES.map((series) => series.path)]) {
		const [first] = list(at(activity, path));
		const offset = parseTime(fields(first).timestamp)?.offset ?? null;
		if (offset !== null) return offset;
	}
	return null;
}

export function hasAny(column: Float64Array): boolean {
	return column.some((value) => !Number.isNaN(value));
}

/** Whether the point at an index has a position. */
export function hasPosition(track: Track, index: number): boolean {
	return !Number.isNaN(track.latitude[index]!);
}

const BEYOND_ANY_SENSOR = 1e8;

/** Places the samples of all sensors in time. */
function placeAll(
	all: ReadonlyArray<readonly unknown[]>,
	start: number | null,
	offset: number,
): ReadSamples[] {
	// Sensors share their seconds: reading each time once takes a third of the time.
	const known = new Map<unknown, Time | null>();
	const instants = all.map((samples) => instantsOf(samples, offset, known));
	const clock = new TimerClock(start);
	all.forEach((samples, which) => {
		samples.forEach((sample, i) => {
			const timer = number(fields(sample).timer_duration_seconds);
			if (timer !== null) clock.note(timer, instants[which]![i]!);
		});
	});
	return all.map((samples, which) => {
		const times = instants[which]!.map((instant, i) =>
			Number.isNaN(instant) ? clock.at(number(fields(samples[i]).timer_duration_seconds)) : instant,
		);
		return { samples, seconds: toSeconds(times) };
	});
}

/** If a clock without an offset goes back by half an hour or an hour, daylight saving time has ended. */
const PUT_BACK = [
	[55 * 60_000, 3_600_000],
	[25 * 60_000, 1_800_000],
] as const;

/** Milliseconds since 1970 of each sample, NaN where it has no time. */
function instantsOf(
	samples: readonly unknown[],
	offset: number,
	known: Map<unknown, Time | null>,
): Float64Array {
	const instants = new Float64Array(samples.length).fill(NaN);
	let previous = -Infinity;
	let added = 0;
	samples.forEach((sample, index) => {
		const { timestamp } = fields(sample);
		const time = known.get(timestamp) ?? parseTime(timestamp);
		known.set(timestamp, time);
		if (!time) return;
		const at = instant(time, offset);
		if (time.offset === null) {
			const back = previous - (at + added);
			const step = PUT_BACK.find(([min, max]) => back > min && back <= max);
			if (step) added += step[1];
		}
		instants[index] = time.offset === null ? at + added : at;
		previous = instants[index]!;
	});
	return instants;
}

/** Finds the time of samples that only have a timer value, from those that have both. */
class TimerClock {
	private readonly known: Array<{ timer: number; ahead: number }> = [];

	private isSorted = true;

	constructor(private readonly start: number | null) {}

	note(timer: number, instant: number): void {
		if (Number.isNaN(instant)) return;
		this.known.push({ timer, ahead: instant - timer * 1000 });
		this.isSorted = false;
	}

	/** The instant, NaN if unknown. */
	at(timer: number | null): number {
		if (timer === null) return NaN;
		if (!this.isSorted) this.known.sort((a, b) => a.timer - b.timer);
		this.isSorted = true;
		let [low, high] = [0, this.known.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.known[middle]!.timer <= timer) low = middle + 1;
			else high = middle;
		}
		// Counted from the last known one that is not later: since then nothing indicates a pause.
		const ahead = (this.known[low - 1] ?? this.known[0])?.ahead ?? this.start;
		return ahead === null ? NaN : ahead + timer * 1000;
	}
}

/** The last instant that a Date can hold: a timer of 1e308 seconds would place a sample beyond it. */
const LAST_INSTANT = 8.64e15;

/** A sample this close to the next second may belong to it. */
const JITTER_MS = 500;

/**
 * The second of each time. A sensor that reports every second may be a little early or late: if two samples fall into one
 * second, the later one belongs to the next.
 */
function toSeconds(times: Float64Array): Float64Array {
	let previous = NaN;
	return times.map((time) => {
		if (!(Math.abs(time) <= LAST_INSTANT)) return NaN;
		const next = previous + 1000;
		const second = Math.floor(time / 1000) * 1000;
		previous = second === previous && next - time <= JITTER_MS ? next : second;
		return previous;
	});
}

function uniqueSeconds(all: readonly ReadSamples[]): Float64Array {
	const unique = new Set<number>();
	for (const { seconds } of all) {
		for (const second of seconds) if (!Number.isNaN(second)) unique.add(second);
	}
	return Float64Array.from(unique).sort();
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
	// Devices write 0, 0 while they have no signal; nobody rides there.
	if (latitude === 0 && longitude === 0) return;
	track.latitude[index] = latitude;
	track.longitude[index] = longitude;
}

/** Indexes of the points from one instant up to, but not including, another. */
export function pointsBetween(track: Track, from: number, to: number): number[] {
	const points: number[] = [];
	for (let index = 0; index < track.length; index++) {
		if (track.time[index]! >= from && track.time[index]! < to) points.push(index);
	}
	return points;
}

/** Metres from one instant to another, from the recorded distance or else from positions; null without either. */
export function distanceBetween(track: Track, from: number, to: number): number | null {
	return distanceOver(track, pointsBetween(track, from, to));
}

/** Metres over these points. */
export function distanceOver(track: Track, points: readonly number[]): number | null {
	const known = points.filter((index) => !Number.isNaN(track.distance[index]!));
	if (known.length > 1) return track.distance[known.at(-1)!]! - track.distance[known[0]!]!;
	const placed = points.filter((index) => hasPosition(track, index));
	if (placed.length < 2) return null;
	return placed.slice(1).reduce((sum, to, i) => sum + metresBetween(track, placed[i]!, to), 0);
}

const EARTH_RADIUS = 6_371_008;

/** As the crow flies, by the haversine formula. */
function metresBetween({ latitude, longitude }: Track, from: number, to: number): number {
	const radians = (degrees: number) => (degrees * Math.PI) / 180;
	const [lat1, lat2] = [radians(latitude[from]!), radians(latitude[to]!)];
	const dLat = lat2 - lat1;
	const dLng = radians(longitude[to]! - longitude[from]!);
	const chord = Math.sin(dLat / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(dLng / 2) ** 2;
	return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(chord)));
}
