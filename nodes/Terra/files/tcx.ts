import type { Ride } from '../ride/ride';
import { segmentsOf } from '../ride/segments';
import { hasPosition, type Track } from '../ride/track';
import { fileLapsOf, type FileLap } from './fileLaps';
import { noSamples } from './noSamples';
import { cadenceOf, heldSensors } from './sensors';
import { isoUtc } from '../terra/times';
import { decimal, element, whole } from '../text/xml';

const DATABASE = 'http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2';
const ACTIVITY_EXTENSION = 'http://www.garmin.com/xmlschemas/ActivityExtension/v2';
const SPORTS = { cycling: 'Biking', running: 'Running', other: 'Other' };

/** From Terra's lap triggers to Garmin's. */
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
	if (track.length === 0) throw noSamples('TCX');
	const { title, group, device } = ride;
	const laps = fileLapsOf(ride, track, segmentsOf(track));
	const write = pointWriter(track, group);
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<TrainingCenterDatabase xmlns="${DATABASE}" xmlns:ns3="${ACTIVITY_EXTENSION}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
		`<Activities><Activity Sport="${SPORTS[group]}">`,
		`<Id>${isoUtc(laps[0]!.start)}</Id>`,
		...laps.flatMap((lap) => lapElement(lap, group, write)),
		element('Notes', title),
		creator(device),
		'</Activity></Activities>',
		'</TrainingCenterDatabase>',
		'',
	].join('\n');
}

function lapElement(
	lap: FileLap,
	group: Ride['group'],
	write: (index: number) => string,
): string[] {
	const [average, maximum] = [whole(lap.avgCadence, 0, 254), whole(lap.maxCadence, 0, 254)];
	const extension = [
		element('ns3:AvgSpeed', positive(lap.speed)),
		...(group === 'running'
			? [element('ns3:AvgRunCadence', average), element('ns3:MaxRunCadence', maximum)]
			: [element('ns3:MaxBikeCadence', maximum)]),
		element('ns3:AvgWatts', whole(lap.power, 0, 65535)),
		element('ns3:MaxWatts', whole(lap.maxPower, 0, 65535)),
	].join('');
	return [
		`<Lap StartTime="${isoUtc(lap.start)}">`,
		`<TotalTimeSeconds>${positive(lap.seconds) ?? 0}</TotalTimeSeconds>`,
		`<DistanceMeters>${positive(lap.distance) ?? 0}</DistanceMeters>`,
		element('MaximumSpeed', positive(lap.maxSpeed)),
		`<Calories>${whole(lap.calories, 0, 65535) ?? 0}</Calories>`,
		heartRate('AverageHeartRateBpm', lap.heartRate),
		heartRate('MaximumHeartRateBpm', lap.maxHeartRate),
		'<Intensity>Active</Intensity>',
		group === 'running' ? '' : element('Cadence', average),
		`<TriggerMethod>${TRIGGERS[lap.trigger ?? ''] ?? 'Manual'}</TriggerMethod>`,
		...lap.stretches.flatMap((stretch) => ['<Track>', ...stretch.map(write), '</Track>']),
		extension && `<Extensions><ns3:LX>${extension}</ns3:LX></Extensions>`,
		'</Lap>',
	].filter((line) => line !== '');
}

function pointWriter(track: Track, group: Ride['group']): (index: number) => string {
	const read = heldSensors(track);
	return (index) => {
		const values = read(index);
		const cadence = whole(cadenceOf(group, values.cadence), 0, 254);
		const extension = [
			element('ns3:Speed', positive(values.speed)),
			group === 'running' ? element('ns3:RunCadence', cadence) : '',
			element('ns3:Watts', whole(values.power, 0, 65535)),
		].join('');
		return [
			`<Trackpoint><Time>${isoUtc(track.time[index]!)}</Time>`,
			position(track, index),
			element('AltitudeMeters', decimal(values.elevation, 2)),
			element('DistanceMeters', positive(values.distance)),
			heartRate('HeartRateBpm', values.heartRate),
			group === 'running' ? '' : element('Cadence', cadence),
			extension && `<Extensions><ns3:TPX>${extension}</ns3:TPX></Extensions>`,
			'</Trackpoint>',
		].join('');
	};
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

/** Strava and Garmin read the device's name from this element. Its numbers are required, but unknown. */
function creator(device: string | null): string {
	if (device === null) return '';
	const version = '<Version><VersionMajor>0</VersionMajor><VersionMinor>0</VersionMinor></Version>';
	return `<Creator xsi:type="Device_t">${element('Name', device)}<UnitId>0</UnitId><ProductID>0</ProductID>${version}</Creator>`;
}

function positive(value: number | null): number | string | null {
	return value !== null && value >= 0 ? decimal(value, 3) : null;
}
