import type { JsonObject } from '../terra/json';
import { rideChart } from '../pictures/chart';
import { samplesCsv } from './csv';
import { ExportImpossible } from './exportImpossible';
import { fileNameOf } from './fileName';
import { toGpx } from './gpx';
import { toTcx } from './tcx';
import type { Units } from '../ride/units';

export type FileFormat = 'chart' | 'csv' | 'gpx' | 'json' | 'tcx';

export interface RideFile {
	/** Safe for all file systems. */
	name: string;
	mimeType: string;
	content: string;
}

interface Writer {
	extension: string;
	mimeType: string;
	write: (activity: JsonObject, user: unknown, units: Units) => string;
}

const WRITERS: Readonly<Record<FileFormat, Writer>> = {
	chart: {
		extension: 'svg',
		mimeType: 'image/svg+xml',
		write: (activity, _user, units) => rideChart(activity, { units }),
	},
	csv: { extension: 'csv', mimeType: 'text/csv', write: toSamplesCsv },
	gpx: { extension: 'gpx', mimeType: 'application/gpx+xml', write: toGpx },
	json: { extension: 'json', mimeType: 'application/json', write: toJson },
	tcx: { extension: 'tcx', mimeType: 'application/vnd.garmin.tcx+xml', write: toTcx },
};

/**
 * An activity as a file.
 *
 * @param units of the chart; the other formats have their own
 * @throws ExportImpossible where the format needs what the activity does not have
 */
export function rideFile(
	format: FileFormat,
	activity: JsonObject,
	user: unknown,
	units: Units = 'metric',
): RideFile {
	const { extension, mimeType, write } = WRITERS[format];
	return {
		name: fileNameOf(activity, extension),
		mimeType,
		content: write(activity, user, units),
	};
}

export function isFileFormat(value: unknown): value is FileFormat {
	return typeof value === 'string' && Object.hasOwn(WRITERS, value);
}

function toSamplesCsv(activity: JsonObject): string {
	const csv = samplesCsv(activity);
	if (csv.indexOf('\n') === csv.length - 1) {
		throw new ExportImpossible(
			'This activity has no samples, so there is nothing to write to a CSV file. Fetch it with samples, or choose JSON.',
		);
	}
	return csv;
}

/** The activity as Terra sent it, with the user it belongs to. */
function toJson(activity: JsonObject, user: unknown): string {
	return `${JSON.stringify({ type: 'activity', user, data: activity }, undefined, 2)}\n`;
}
