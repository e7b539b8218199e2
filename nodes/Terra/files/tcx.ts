import { UserError } from '../terra/userError';
import type { RiddenLap } from '../ride/laps';
import type { Ride } from '../ride/ride';
import { hasPosition, isPause, type Track } from '../ride/track';
import { isoUtc } from '../terra/times';
import { decimal, element, whole } from '../text/xml';

const DATABASE = 'http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2';
const ACTIVITY_EXTENSION = 'http://www.garmin.com/xmlschemas/ActivityExtension/v2';
const SPORTS = { cycling: 'Biking', running: 'Running', other: 'Other' };

/** From Terra's words for what ended a lap to Garmin's. */
const TRIGGERS: Readonly<Record<string, string>> = {
	DISTANCE: 'Distance',
	TIME: 'Time',
	POSITION_START: 'Location',
	POSITION_LAP: 'Location',
	POSITION_WAYPOINT: 'Location',
	POSITION_MARKED: 'Location',
};

/**
 * A ride as TCX (Training Center Database v2): laps with their totals, every second that any sensor recorded, power
 * and speed in Garmin's ActivityExtension, a new `<Track>` after each pause. Works without positions.
 *
 * Times are UTC; if Terra sent no offset, the athlete's clock is written as if it were UTC.
 *
 * @throws UserError if there are no samples
 */
export function toTcx(ride: Ride): string {
	const track = ride.track();
	if (track.length === 0) {
		throw new UserError(
			'This activity has no samples, so there is nothing to write to a TCX file',
			'Fetch it with samples.',
		);
	}
	const laps = lapsFor(ride, track);
	const { title, group, device } = ride;
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<TrainingCenterDatabase xmlns="${DATABASE}" xmlns:ns3="${ACTIVITY_EXTENSION}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
		`<Activities><Activity Sport="${SPORTS[group]}">`,
		`<Id>${isoUtc(laps[0]!.start)}</Id>`,
		...laps.flatMap((lap, index) => lapElement(track, lap, pointsIn(track, laps, index))),
		element('Notes', title),
		creator(device),
		'</Activity></Activities>',
		'</TrainingCenterDatabase>',
		'',
	].join('\n');
}

/** The laps of the activity, or the whole of it as one lap. */
function lapsFor(ride: Ride, track: Track): RiddenLap[] {
	const laps = ride.laps();
	if (laps.length > 0) return laps;
	return [
		{
			start: ride.start ?? track.time[0]!,
			end: ride.end ?? track.time[track.length - 1]!,
			activeSeconds: ride.movingSeconds,
			distance: ride.distance,
			calories: ride.calories,
			heartRate: ride.avgHeartRate,
			power: ride.avgWatts,
			speed: ride.avgSpeed,
			trigger: null,
		},
	];
}

/** Indexes of the points of a lap: from its start to the next lap's. What lies outside goes to the first and last. */
function pointsIn(track: Track, laps: readonly RiddenLap[], lap: number): number[] {
	const from = lap === 0 ? -Infinity : laps[lap]!.start;
	const to = laps[lap + 1]?.start ?? Infinity;
	const points: number[] = [];
	for (let index = 0; index < track.length; index++) {
		if (track.time[index]! >= from && track.time[index]! < to) points.push(index);
	}
	return points;
}

function lapElement(track: Track, lap: RiddenLap, points: readonly number[]): string[] {
	const seconds = lap.activeSeconds ?? (lap.end === null ? null : (lap.end - lap.start) / 1000);
	const highest = (sensor: Float64Array) =>
		points.reduce((top, i) => (sensor[i]! > top ? sensor[i]! : top), -Infinity);
	const extension = [
		element('ns3:AvgSpeed', positive(lap.speed)),
		element('ns3:MaxBikeCadence', whole(highest(track.cadence), 0, 254)),
		element('ns3:AvgWatts', whole(lap.power, 0, 65535)),
		element('ns3:MaxWatts', whole(highest(track.power), 0, 65535)),
	].join('');
	return [
		`<Lap StartTime="${isoUtc(lap.start)}">`,
		`<TotalTimeSeconds>${positive(seconds) ?? 0}</TotalTimeSeconds>`,
		`<DistanceMeters>${positive(lap.distance ?? covered(track, points)) ?? 0}</DistanceMeters>`,
		element('MaximumSpeed', positive(highest(track.speed))),
		`<Calories>${whole(lap.calories, 0, 65535) ?? 0}</Calories>`,
		heartRate('AverageHeartRateBpm', lap.heartRate),
		heartRate('MaximumHeartRateBpm', highest(track.heartRate)),
		'<Intensity>Active</Intensity>',
		element('Cadence', whole(mean(track.cadence, points), 0, 254)),
		`<TriggerMethod>${TRIGGERS[lap.trigger ?? ''] ?? 'Manual'}</TriggerMethod>`,
		...tracks(track, points),
		extension && `<Extensions><ns3:LX>${extension}</ns3:LX></Extensions>`,
		'</Lap>',
	].filter((line) => line !== '');
}

function tracks(track: Track, points: readonly number[]): string[] {
	if (points.length === 0) return [];
	const lines = ['<Track>'];
	points.forEach((point, index) => {
		if (index > 0 && isPause(track, points[index - 1]!, point)) lines.push('</Track>', '<Track>');
		lines.push(trackpoint(track, point));
	});
	lines.push('</Track>');
	return lines;
}

function trackpoint(track: Track, index: number): string {
	const extension =
		element('ns3:Speed', positive(track.speed[index]!)) +
		element('ns3:Watts', whole(track.power[index]!, 0, 65535));
	return [
		`<Trackpoint><Time>${isoUtc(track.time[index]!)}</Time>`,
		position(track, index),
		element('AltitudeMeters', decimal(track.elevation[index]!, 2)),
		element('DistanceMeters', positive(track.distance[index]!)),
		heartRate('HeartRateBpm', track.heartRate[index]!),
		element('Cadence', whole(track.cadence[index]!, 0, 254)),
		extension && `<Extensions><ns3:TPX>${extension}</ns3:TPX></Extensions>`,
		'</Trackpoint>',
	].join('');
}

function position(track: Track, index: number): string {
	if (!hasPosition(track, index)) return '';
	const latitude = element('LatitudeDegrees', decimal(track.latitude[index]!, 7));
	const longitude = element('LongitudeDegrees', decimal(track.longitude[index]!, 7));
	return `<Position>${latitude}${longitude}</Position>`;
}

function heartRate(name: string, value: number | null): string {
	const beats = whole(value, 1, 255);
	return beats === null ? '' : `<${name}><Value>${beats}</Value></${name}>`;
}

/** Strava and Garmin name the device by this element; its numbers are required and unknown. */
function creator(device: string | null): string {
	if (device === null) return '';
	const version = '<Version><VersionMajor>0</VersionMajor><VersionMinor>0</VersionMinor></Version>';
	return `<Creator xsi:type="Device_t">${element('Name', device)}<UnitId>0</UnitId><ProductID>0</ProductID>${version}</Creator>`;
}

function positive(value: number | null): number | string | null {
	return value !== null && value >= 0 ? decimal(value, 3) : null;
}

function covered(track: Track, points: readonly number[]): number | null {
	const known = points.filter((index) => !Number.isNaN(track.distance[index]!));
	if (known.length === 0) return null;
	return track.distance[known.at(-1)!]! - track.distance[known[0]!]!;
}

function mean(sensor: Float64Array, points: readonly number[]): number | null {
	const known = points.filter((index) => !Number.isNaN(sensor[index]!));
	return known.length === 0
		? null
		: known.reduce((sum, index) => sum + sensor[index]!, 0) / known.length;
}
