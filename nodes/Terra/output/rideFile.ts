import { samplesCsv } from '../files/csv';
import { fileNameOf } from '../files/fileName';
import { toFit } from '../files/fit';
import { toGpx } from '../files/gpx';
import { toTcx } from '../files/tcx';
import { ridePicture, toPng, toSvg, type Scene, type ThemeName } from '../pictures';
import type { Ride } from '../ride/ride';
import type { Units } from '../ride/units';
import { UserError } from '../terra/userError';

export const FILE_FORMATS = ['card', 'chart', 'csv', 'fit', 'gpx', 'map', 'tcx'] as const;

export type FileFormat = (typeof FILE_FORMATS)[number];

/** The formats that are pictures, not data. */
export const PICTURES = ['card', 'chart', 'map'] as const satisfies readonly FileFormat[];

export interface FileOptions {
	/** Only for pictures: the other formats define their own. */
	units: Units;
	theme: ThemeName;
	/** How pictures are written. */
	picture: 'png' | 'svg';
}

export interface RideFile {
	/** Safe for all file systems. */
	name: string;
	mimeType: string;
	/** A picture is composed, but not drawn yet: that takes a while, and `bytesOf` does it. */
	content: string | Buffer | Scene;
}

interface Encoder {
	extension: string;
	mimeType: string;
	encode: (ride: Ride) => string | Buffer;
}

const ENCODERS: Readonly<Record<Exclude<FileFormat, (typeof PICTURES)[number]>, Encoder>> = {
	csv: { extension: 'csv', mimeType: 'text/csv', encode: samplesCsv },
	fit: { extension: 'fit', mimeType: 'application/vnd.ant.fit', encode: toFit },
	gpx: { extension: 'gpx', mimeType: 'application/gpx+xml', encode: toGpx },
	tcx: { extension: 'tcx', mimeType: 'application/vnd.garmin.tcx+xml', encode: toTcx },
};

/**
 * A ride as a file.
 *
 * @throws UserError if the ride lacks what the format needs
 */
export function rideFile(format: FileFormat, ride: Ride, options: FileOptions): RideFile {
	if (isPicture(format)) return pictureFile(format, ride, options);
	const { extension, mimeType, encode } = ENCODERS[format];
	return { name: fileNameOf(ride, extension), mimeType, content: encode(ride) };
}

function isPicture(format: FileFormat): format is (typeof PICTURES)[number] {
	return (PICTURES as readonly string[]).includes(format);
}

function pictureFile(
	kind: (typeof PICTURES)[number],
	ride: Ride,
	{ units, theme, picture }: FileOptions,
): RideFile {
	const scene = ridePicture(kind, ride, { units, theme });
	return picture === 'svg'
		? { name: fileNameOf(ride, 'svg'), mimeType: 'image/svg+xml', content: toSvg(scene) }
		: { name: fileNameOf(ride, 'png'), mimeType: 'image/png', content: scene };
}

/** The file's bytes. Draws a picture, which takes about a tenth of a second. */
export async function bytesOf(content: RideFile['content']): Promise<Buffer> {
	if (Buffer.isBuffer(content)) return content;
	return Buffer.from(typeof content === 'string' ? content : await toPng(content));
}

/** Why there is no file, for the field `file_problem`. */
export function fileProblem(error: unknown): string {
	if (!(error instanceof UserError)) return 'The file could not be made';
	const { message, next } = error;
	return next ? `${message}. ${next}` : message;
}
