import { UserError } from '../terra/userError';
import { sportOf, type Ride } from '../ride/ride';
import { pointsOf, segmentsOf } from '../ride/segments';
import { hasPosition, type Track } from '../ride/track';
import { noSamples } from './noSamples';
import { cadenceOf, heldSensors } from './sensors';
import { isoUtc } from '../terra/times';
import { decimal, element, whole } from '../text/xml';

const TRACK_POINT_EXTENSION = 'http://www.garmin.com/xmlschemas/TrackPointExtension/v1';
const POWER_EXTENSION = 'http://www.garmin.com/xmlschemas/PowerExtension/v1';

/**
 * A ride as GPX 1.1: one `<trkpt>` for each recorded position, a new `<trkseg>` after each pause, heart rate and
 * cadence in Garmin's TrackPointExtension, power as `<power>` and in Garmin's PowerExtension.
 *
 * Times are UTC; if Terra sent no offset, the athlete's clock is written as if it were UTC.
 *
 * @throws UserError if there are no positions, as in indoor rides
 */
export function toGpx(ride: Ride): string {
	const track = ride.track();
	const segments = pointsOf(segmentsOf(track), (index) => hasPosition(track, index));
	if (segments.length === 0) {
		if (track.length === 0) throw noSamples('GPX');
		throw new UserError(
			'This activity has no positions, as is usual indoors, and a GPX file needs them',
			'Choose FIT instead.',
		);
	}
	const { title, group } = ride;
	const write = pointWriter(track, group);
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<gpx version="1.1" creator="n8n-nodes-terra" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="${TRACK_POINT_EXTENSION}" xmlns:gpxpx="${POWER_EXTENSION}">`,
		`<metadata>${element('name', title)}<time>${isoUtc(track.time[segments[0]![0]!]!)}</time></metadata>`,
		`<trk>${element('name', title)}${element('type', group === 'other' ? sportOf(ride) : group)}`,
		...segments.flatMap((points) => ['<trkseg>', ...points.map(write), '</trkseg>']),
		'</trk>',
		'</gpx>',
		'',
	].join('\n');
}

function pointWriter(track: Track, group: Ride['group']): (index: number) => string {
	const read = heldSensors(track);
	return (index) => {
		const { elevation, heartRate, cadence, power } = read(index);
		// GPX has no longitude 180: it is -180.
		const longitude = track.longitude[index] === 180 ? -180 : track.longitude[index]!;
		return [
			`<trkpt lat="${decimal(track.latitude[index]!, 7)}" lon="${decimal(longitude, 7)}">`,
			element('ele', decimal(elevation, 2)),
			`<time>${isoUtc(track.time[index]!)}</time>`,
			extensions(heartRate, cadenceOf(group, cadence), power),
			'</trkpt>',
		].join('');
	};
}

/**
 * Power is written twice. Strava, GoldenCheetah, sports-lib and most others read a plain `<power>`, which Strava itself
 * writes although GPX's schema allows only elements of other namespaces; gpx.studio and Garmin's own programs read the
 * PowerExtension.
 */
function extensions(heartRate: number, cadence: number | null, power: number): string {
	const watts = whole(power, 0, 65535);
	const heart =
		element('gpxtpx:hr', whole(heartRate, 1, 255)) + element('gpxtpx:cad', whole(cadence, 0, 254));
	const content = [
		element('power', watts),
		watts !== null &&
			`<gpxpx:PowerExtension>${element('gpxpx:PowerInWatts', watts)}</gpxpx:PowerExtension>`,
		heart && `<gpxtpx:TrackPointExtension>${heart}</gpxtpx:TrackPointExtension>`,
	]
		.filter(Boolean)
		.join('');
	return content && `<extensions>${content}</extensions>`;
}
