import type { Ride } from '../ride/ride';
import { withoutFormula, type Cell } from '../text/cells';
import { round } from '../ride/units';
import { SENSORS, type Sensor, type Track } from '../ride/track';
import { isoUtc } from '../terra/times';
import { noSamples } from './noSamples';

/** Column names: Terra's leaf names, with the unit. */
const HEADERS: Readonly<Record<Sensor, string>> = {
	latitude: 'latitude_deg',
	longitude: 'longitude_deg',
	elevation: 'elev_meters',
	distance: 'distance_meters',
	speed: 'speed_meters_per_second',
	heartRate: 'bpm',
	cadence: 'cadence_rpm',
	power: 'watts',
};

/**
 * The samples of an activity as CSV: a header, then one row for each second in which a sensor reported; nothing for
 * pauses. `timestamp` is UTC; if Terra sent no offset it is the athlete's clock, and has no `Z`.
 *
 * @throws UserError if there are no samples
 */
export function samplesCsv(ride: Ride): string {
	const track = ride.track();
	if (track.length === 0) throw noSamples('CSV');
	const header = [
		'timestamp',
		'timer_duration_seconds',
		...SENSORS.map((sensor) => HEADERS[sensor]),
	];
	const rows: Cell[][] = [];
	for (let index = 0; index < track.length; index++) rows.push(rowAt(track, index));
	return toCsv(header, rows);
}

function rowAt(track: Track, index: number): Cell[] {
	const time = isoUtc(track.time[index]!);
	const value = (column: Float64Array) =>
		Number.isNaN(column[index]!) ? null : round(column[index]!, 7);
	return [
		track.zoned ? time : time.replace('Z', ''),
		value(track.timer),
		...SENSORS.map((sensor) => value(track[sensor])),
	];
}

/** Rows as CSV (RFC 4180): commas, CRLF, quotes only where needed; text that is a formula gets an apostrophe. */
export function toCsv(header: readonly string[], rows: ReadonlyArray<readonly Cell[]>): string {
	const lines = [header, ...rows].map((row) => row.map(field).join(','));
	return `${lines.join('\r\n')}\r\n`;
}

function field(value: Cell): string {
	if (value === null) return '';
	if (typeof value !== 'string') return String(value);
	const safe = withoutFormula(value);
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
