import { samplesCsv } from '../files/csv';
import { fileNameOf } from '../files/fileName';
import { toFit } from '../files/fit';
import { toGpx } from '../files/gpx';
import { toTcx } from '../files/tcx';
import { rideChart } from '../pictures';
import type { Ride } from '../ride/ride';
import type { Units } from '../ride/units';
import { UserError } from '../terra/userError';

export const FILE_FORMATS = ['chart', 'csv', 'fit', 'gpx', 'tcx'] as const;

export type FileFormat = (typeof FILE_FORMATS)[number];

export interface RideFile {
	/** Safe for all file systems. */
	name: string;
	mimeType: string;
	content: string | Buffer;
}

interface Encoder {
	extension: string;
	mimeType: string;
	encode: (ride: Ride, units: Units) => string | Buffer;
}

const ENCODERS: Readonly<Record<FileFormat, Encoder>> = {
	chart: {
		extension: 'svg',
		mimeType: 'image/svg+xml',
		encode: (ride, units) => rideChart(ride, { units }),
	},
	csv: { extension: 'csv', mimeType: 'text/csv', encode: samplesCsv },
	fit: { extension: 'fit', mimeType: 'application/vnd.ant.fit', encode: toFit },
	gpx: { extension: 'gpx', mimeType: 'application/gpx+xml', encode: toGpx },
	tcx: { extension: 'tcx', mimeType: 'application/vnd.garmin.tcx+xml', encode: toTcx },
};

/**
 * A ride as a file.
 *
 * @param units of the chart; the other formats have their own
 * @throws UserError where the format needs what the ride does not have
 */
export function rideFile(format: FileFormat, ride: Ride, units: Units = 'metric'): RideFile {
	const { extension, mimeType, encode } = ENCODERS[format];
	return {
		name: fileNameOf(ride, extension),
		mimeType,
		content: encode(ride, units),
	};
}

/** Why there is no file, as one text for the field `file_problem`. */
export function fileProblem(error: unknown): string {
	if (!(error instanceof UserError)) return 'The file could not be made';
	const { message, next } = error;
	return next ? `${message}. ${next}` : message;
}
