import { UserError } from '../terra/userError';
import { sportOf, type Ride } from '../ride/ride';
import { hasPosition, isPause, type Track } from '../ride/track';
import { isoUtc } from '../terra/times';
import { decimal, element, whole } from '../text/xml';

const TRACK_POINT_EXTENSION = 'http://www.garmin.com/xmlschemas/TrackPointExtension/v1';
const POWER_EXTENSION = 'http://www.garmin.com/xmlschemas/PowerExtension/v1';
const HOLD_MILLISECONDS = 10_000;

/**
 * A ride as GPX 1.1: one `<trkpt>` for each recorded position, a new `<trkseg>` after each pause, heart rate and
 * cadence in Garmin's TrackPointExtension, power in Garmin's PowerExtension and as the `<power>` that Strava reads.
 *
 * A sensor that reports more seldom than the position keeps its last value for up to ten seconds.
 * Times are UTC; if Terra sent no offset, the athlete's clock is written as if it were UTC.
 *
 * @throws UserError if there are no positions, as with every indoor ride
 */
export function toGpx(ride: Ride): string {
	const track = ride.track();
	const segments = segmentsOf(track);
	if (segments.length === 0) {
		throw track.length === 0
			? new UserError(
					'This activity has no samples, so there is nothing to write to a GPX file',
					'Fetch it with samples.',
				)
			: new UserError(
					'This activity has no positions, as is usual indoors, and a GPX file needs them',
					'Choose TCX or CSV instead.',
				);
	}
	const { title, group } = ride;
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<gpx version="1.1" creator="n8n-nodes-terra" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="${TRACK_POINT_EXTENSION}" xmlns:gpxpx="${POWER_EXTENSION}">`,
		`<metadata>${element('name', title)}<time>${isoUtc(track.time[segments[0]![0]!]!)}</time></metadata>`,
		`<trk>${element('name', title)}${element('type', group === 'other' ? sportOf(ride) : group)}`,
		...segments.flatMap((points) => ['<trkseg>', ...pointsOf(track, points), '</trkseg>']),
		'</trk>',
		'</gpx>',
		'',
	].join('\n');
}

/** The points that have a position, cut at pauses. */
function segmentsOf(track: Track): number[][] {
	const segments: number[][] = [];
	let previous = -1;
	for (let index = 0; index < track.length; index++) {
		if (!hasPosition(track, index)) continue;
		if (previous < 0 || isPause(track, previous, index)) segments.push([]);
		segments.at(-1)!.push(index);
		previous = index;
	}
	return segments;
}

function pointsOf(track: Track, points: readonly number[]): string[] {
	const first = points[0]!;
	const heartRate = held(track, track.heartRate, first);
	const cadence = held(track, track.cadence, first);
	const power = held(track, track.power, first);
	return points.map((index) => {
		// Longitude 180 does not exist in GPX: it is -180.
		const longitude = track.longitude[index] === 180 ? -180 : track.longitude[index]!;
		return [
			`<trkpt lat="${decimal(track.latitude[index]!, 7)}" lon="${decimal(longitude, 7)}">`,
			element('ele', decimal(track.elevation[index]!, 2)),
			`<time>${isoUtc(track.time[index]!)}</time>`,
			extensions(heartRate(index), cadence(index), power(index)),
			'</trkpt>',
		].join('');
	});
}

/** Reads a sensor from point to point in ascending order, also at points without a position. */
function held(track: Track, sensor: Float64Array, first: number): (index: number) => number {
	let next = first;
	let last = -1;
	return (index) => {
		for (; next <= index; next++) if (!Number.isNaN(sensor[next]!)) last = next;
		const fresh = last >= 0 && track.time[index]! - track.time[last]! <= HOLD_MILLISECONDS;
		return fresh ? sensor[last]! : NaN;
	};
}

function extensions(heartRate: number, cadence: number, power: number): string {
	const watts = whole(power, 0, 65535);
	const heart =
		element('gpxtpx:hr', whole(heartRate, 1, 255)) + element('gpxtpx:cad', whole(cadence, 0, 254));
	const content = [
		// In a namespace of its own, because GPX allows no further elements in its own.
		watts === null ? '' : `<power xmlns="${POWER_EXTENSION}">${watts}</power>`,
		element('gpxpx:PowerInWatts', watts),
		heart && `<gpxtpx:TrackPointExtension>${heart}</gpxtpx:TrackPointExtension>`,
	].join('');
	return content && `<extensions>${content}</extensions>`;
}
