/** The encoded polyline format: deltas in units of 1e-5 degrees, five bits per character, sign in the lowest bit. */
export function encodePolyline(points: Array<[lat: number, lng: number]>): string {
	let text = '';
	let before: [number, number] = [0, 0];
	for (const [lat, lng] of points) {
		const here: [number, number] = [Math.round(lat * 1e5), Math.round(lng * 1e5)];
		text += encodeNumber(here[0] - before[0]) + encodeNumber(here[1] - before[1]);
		before = here;
	}
	return text;
}

function encodeNumber(value: number): string {
	let rest = value < 0 ? ~(value << 1) : value << 1;
	let text = '';
	while (rest >= 0x20) {
		text += String.fromCharCode((0x20 | (rest & 0x1f)) + 63);
		rest >>= 5;
	}
	return text + String.fromCharCode(rest + 63);
}
