import { hasAny, hasPosition, type Track } from '../ride/track';
import type { Ride } from '../ride/ride';
import { pointsOf, segmentsOf } from '../ride/segments';
import { UserError } from '../terra/userError';
import { FitFile, type Value } from './fitFile';
import { fileLapsOf, type FileLap } from './fileLaps';
import { FIT_MESSAGES } from './fitMessages';
import { fitSportOf } from './fitSport';
import { noSamples } from './noSamples';
import { cadenceOf, heldSensors } from './sensors';

const ACTIVITY_FILE = 4;

/** For makers to whom Garmin has given no number; programs then show the name. */
const DEVELOPMENT = 255;

const TIMER = 0;
const LAP = 9;
const ACTIVITY = 26;
const START = 0;
const STOP = 1;
const STOP_ALL = 4;

/** From Terra's lap triggers to Garmin's numbers; 0 means that the athlete pressed the button. */
const TRIGGERS: Readonly<Record<string, number>> = {
	TIME: 1,
	DISTANCE: 2,
	POSITION_START: 3,
	POSITION_LAP: 4,
	POSITION_WAYPOINT: 5,
	POSITION_MARKED: 6,
	SESSION_END: 7,
	FITNESS_EQUIPMENT: 8,
};

/**
 * A ride as a FIT activity file: the seconds that any sensor recorded, pauses as stops of the timer, laps and totals.
 * Works without positions.
 *
 * Times are UTC, with the athlete's clock beside them; if Terra sent no offset, that clock is written as if it were UTC.
 *
 * @throws UserError if there are no samples, or none at a time that the format supports
 */
export function toFit(ride: Ride): Buffer {
	const track = ride.track();
	if (track.length === 0) throw noSamples('FIT');
	const segments = pointsOf(segmentsOf(track), (index) => fitTime(track.time[index]!) !== null);
	if (segments.length === 0) {
		throw new UserError(
			'The times of this activity are before 1998 or after 2125, which a FIT file cannot store',
			'Choose TCX or CSV instead.',
		);
	}
	const laps = fileLapsOf(ride, track, segments);
	const first = track.time[segments[0]![0]!]!;
	const last = track.time[segments.at(-1)!.at(-1)!]!;
	const file = new FitFile(FIT_MESSAGES);
	const start = fitTime(laps[0]!.start) ?? fitTime(first);
	addDevice(file, ride, start);
	addPoints(file, ride, track, segments, laps);
	addTotals(file, ride, laps, start, fitTime(laps.at(-1)!.end) ?? fitTime(last));
	return file.toBuffer();
}

type Fit = FitFile<keyof typeof FIT_MESSAGES>;

/** Before this day, seconds count from when the device was switched on, not from 1989. */
const MIN_TIME = 0x10000000;
const EPOCH_MS = Date.UTC(1989, 11, 31);

/** @returns null for a time that the format cannot store */
function fitTime(milliseconds: number): number | null {
	const seconds = Math.round((milliseconds - EPOCH_MS) / 1000);
	return seconds >= MIN_TIME && seconds < 0xffffffff ? seconds : null;
}

function addDevice(file: Fit, { device }: Ride, timestamp: number | null): void {
	const productName = device ?? 'n8n-nodes-terra';
	file.add('fileId', {
		type: ACTIVITY_FILE,
		manufacturer: DEVELOPMENT,
		timeCreated: timestamp,
		productName,
	});
	file.add('deviceInfo', { timestamp, deviceIndex: 0, manufacturer: DEVELOPMENT, productName });
}

/** The points, the timer's stops, and each lap where it has ended. */
function addPoints(
	file: Fit,
	ride: Ride,
	track: Track,
	segments: ReadonlyArray<readonly number[]>,
	laps: readonly FileLap[],
): void {
	const read = pointReader(ride, track);
	const timer = (index: number, eventType: number) =>
		file.add('event', { timestamp: fitTime(track.time[index]!), event: TIMER, eventType });
	let lap = 0;
	for (const points of segments) {
		timer(points[0]!, START);
		for (const index of points) {
			while (laps[lap + 1] && track.time[index]! >= laps[lap + 1]!.start) {
				addLap(file, ride, laps, lap++);
			}
			file.add('record', read(index));
		}
		timer(points.at(-1)!, STOP_ALL);
	}
	while (lap < laps.length) addLap(file, ride, laps, lap++);
}

function pointReader(ride: Ride, track: Track): (index: number) => Record<string, Value> {
	const read = heldSensors(track);
	const has = {
		place: hasAny(track.latitude),
		elevation: hasAny(track.elevation),
		distance: hasAny(track.distance),
		speed: hasAny(track.speed),
		heartRate: hasAny(track.heartRate),
		cadence: hasAny(track.cadence),
		power: hasAny(track.power),
	};
	return (index) => {
		const values = read(index);
		const isPlaced = hasPosition(track, index);
		return {
			timestamp: fitTime(track.time[index]!),
			...(has.place && {
				latitude: isPlaced ? semicircles(track.latitude[index]!) : null,
				longitude: isPlaced ? semicircles(track.longitude[index]!) : null,
			}),
			...(has.elevation && { elevation: values.elevation + 500 }),
			...(has.distance && { distance: values.distance }),
			...(has.speed && { speed: values.speed }),
			...(has.heartRate && { heartRate: beats(values.heartRate) }),
			...(has.cadence && { cadence: cadenceOf(ride.group, values.cadence) }),
			...(has.power && { power: values.power }),
		};
	};
}

/** Half a turn is 2³¹. Longitude 180 would overflow, so it becomes -180. */
function semicircles(degrees: number): number {
	const value = Math.round((degrees / 180) * 0x80000000);
	return value >= 0x7fffffff ? -0x80000000 : value;
}

/** A heart rate of 0 means that the strap had no contact. */
function beats(value: number | null): number | null {
	return value !== null && value >= 0.5 ? value : null;
}

function addLap(file: Fit, { type }: Ride, laps: readonly FileLap[], index: number): void {
	const lap = laps[index]!;
	file.add('lap', {
		messageIndex: index,
		timestamp: fitTime(lap.end),
		event: LAP,
		eventType: STOP,
		startTime: fitTime(lap.start),
		totalElapsedTime: (lap.end - lap.start) / 1000,
		totalTimerTime: lap.seconds,
		totalDistance: lap.distance,
		totalCalories: lap.calories,
		avgSpeed: lap.speed,
		maxSpeed: lap.maxSpeed,
		avgHeartRate: beats(lap.heartRate),
		maxHeartRate: beats(lap.maxHeartRate),
		avgCadence: lap.avgCadence,
		maxCadence: lap.maxCadence,
		avgPower: lap.power,
		maxPower: lap.maxPower,
		lapTrigger: TRIGGERS[lap.trigger ?? ''] ?? 0,
		sport: fitSportOf(type).sport,
	});
}

function addTotals(
	file: Fit,
	ride: Ride,
	laps: readonly FileLap[],
	start: number | null,
	timestamp: number | null,
): void {
	const seconds = sum(laps.map((lap) => lap.seconds));
	const highest = (of: (lap: FileLap) => number | null) => maximum(laps.map(of));
	file.add('session', {
		messageIndex: 0,
		timestamp,
		event: LAP,
		eventType: STOP,
		startTime: start,
		totalElapsedTime: start !== null && timestamp !== null ? timestamp - start : null,
		totalTimerTime: seconds,
		totalDistance: sum(laps.map(({ distance }) => distance)),
		totalCalories: ride.calories,
		avgSpeed: ride.avgSpeed,
		maxSpeed: highest(({ maxSpeed }) => maxSpeed),
		avgHeartRate: beats(ride.avgHeartRate),
		maxHeartRate: beats(ride.maxHeartRate ?? highest(({ maxHeartRate }) => maxHeartRate)),
		avgCadence: cadenceOf(ride.group, ride.avgCadence),
		maxCadence: highest(({ maxCadence }) => maxCadence),
		avgPower: ride.avgWatts,
		maxPower: ride.maxWatts ?? highest(({ maxPower }) => maxPower),
		...fitSportOf(ride.type),
		totalAscent: ride.climb,
		firstLapIndex: 0,
		numLaps: laps.length,
		normalizedPower: ride.normalizedWatts,
		trainingStressScore: ride.tss,
		intensityFactor: ride.intensityFactor,
		totalWork: ride.workKilojoules,
	});
	file.add('activity', {
		timestamp,
		totalTimerTime: seconds,
		numSessions: 1,
		type: 0,
		event: ACTIVITY,
		eventType: STOP,
		localTimestamp: timestamp === null ? null : timestamp + aheadOfUtc(ride),
	});
}

/** How many seconds the clock that the row uses is ahead of UTC. */
function aheadOfUtc({ times, start }: Ride): number {
	return times.start && start !== null ? Math.round((times.start.wall - start) / 1000) : 0;
}

function sum(values: ReadonlyArray<number | null>): number | null {
	const known = values.filter((value) => value !== null);
	return known.length === 0 ? null : known.reduce((all, value) => all + value, 0);
}

function maximum(values: ReadonlyArray<number | null>): number | null {
	return values.reduce((top, value) => (top === null || (value ?? top) > top ? value : top), null);
}
