import { sportOf, type Ride } from '../ride/ride';
import { shorten } from '../text/shorten';

/** Characters that a file system forbids or treats specially, and those that are invisible or reverse the text. */
const UNSAFE = /[<>:"/\\|?*\p{Cc}\p{Cs}\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu;

/** With an extension of five bytes and a date this stays below the 255 bytes that file systems allow. */
const MAX_BYTES = 200;

/** Names that Windows keeps for devices, whatever the extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A name for the file of an activity, safe on every file system: `2026-11-21 Girona sweet-spot loop.gpx`.
 * The day is the athlete's own; a ride without a name is named after its kind of activity.
 */
export function fileNameOf(ride: Ride, extension: string): string {
	const title = safePart(ride.title ?? '') || safePart(sportOf(ride)) || 'Activity';
	const stem = ride.localDate ? `${ride.localDate} ${title}` : title;
	return `${DEVICE.test(stem) ? `${stem}_` : stem}.${extension}`;
}

function safePart(text: string): string {
	const clean = text.normalize('NFC').replace(UNSAFE, ' ').replace(/\s+/g, ' ');
	return withoutEdges(cutToBytes(withoutEdges(clean)));
}

/** Windows drops trailing dots and spaces, and elsewhere a leading dot hides the file. */
function withoutEdges(text: string): string {
	return text.replace(/^[ .]+|[ .]+$/g, '');
}

function cutToBytes(text: string): string {
	let cut = shorten(text, 100);
	while (Buffer.byteLength(cut) > MAX_BYTES) cut = shorten(cut, cut.length - 1);
	return cut;
}
