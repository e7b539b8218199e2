import { hasPosition, type Track } from '../ride/track';
import type { Box } from './scene';

/** One drawn place of a ride. */
export interface Place {
	x: number;
	y: number;
	/** Which point of the track it is. */
	index: number;
	/** Metres since the start, along the route. */
	metres: number;
}

export interface Route {
	/** Connected places; between two parts the position was unknown. */
	parts: Place[][];
	metresPerPixel: number;
}

const DEGREE_METRES = 111_195;
/** Metres per second, faster than anything but an aeroplane: such a jump is a receiver fault. */
const FASTEST = 150;
/** Only a stretch with less than this share of the places can be faulty. */
const SMALLEST_SHARE = 0.02;
const GAP_SECONDS = 60;
const GAP_METRES = 200;
/** Closer than the eye can see: places within this many pixels become one. */
const STEP_PIXELS = 1.5;
/** A ride that stays in one place, such as on rollers, makes no map. */
const MIN_METRES = 50;

/** A place in metres on a flat map, north up. */
interface Flat {
	east: number;
	north: number;
	index: number;
	seconds: number;
}

/** Where the ride went, in pixels within a box; null if unknown, or if it stayed in one place. */
export function routeOf(track: Track, box: Box): Route | null {
	const flat = withoutJumps(flatten(track));
	const east = rangeOf(flat.map((place) => place.east));
	const north = rangeOf(flat.map((place) => place.north));
	const [width, height] = [east.high - east.low, north.high - north.low];
	if (!(Math.max(width, height) >= MIN_METRES)) return null;
	const metresPerPixel = Math.max(width / box.width, height / box.height);
	const toX = (metres: number) =>
		box.x + box.width / 2 + (metres - (east.low + east.high) / 2) / metresPerPixel;
	const toY = (metres: number) =>
		box.y + box.height / 2 - (metres - (north.low + north.high) / 2) / metresPerPixel;
	const parts: Place[][] = [];
	let before: Flat | undefined;
	let metres = 0;
	for (const place of flat) {
		const moved = before ? Math.hypot(place.east - before.east, place.north - before.north) : 0;
		metres += moved;
		const isGap = before && place.seconds - before.seconds > GAP_SECONDS && moved > GAP_METRES;
		if (!before || isGap) parts.push([]);
		before = place;
		const drawn = { x: toX(place.east), y: toY(place.north), index: place.index, metres };
		const last = parts.at(-1)!.at(-1);
		const isFar = !last || Math.hypot(drawn.x - last.x, drawn.y - last.y) >= STEP_PIXELS;
		if (isFar) parts.at(-1)!.push(drawn);
	}
	return { parts, metresPerPixel };
}

/** Longitudes continue beyond the date line, so that it does not cut a ride in two. */
function flatten(track: Track): Flat[] {
	const latitudes = track.latitude.filter((degrees) => !Number.isNaN(degrees)).sort();
	// The median, so that a single wrong place in the tropics does not make everything too wide.
	const latitude = latitudes[latitudes.length >> 1] ?? 0;
	const narrowing = Math.max(0.01, Math.cos((latitude * Math.PI) / 180));
	const places: Flat[] = [];
	let turns = 0;
	let before = NaN;
	for (let index = 0; index < track.length; index++) {
		if (!hasPosition(track, index)) continue;
		const longitude = track.longitude[index]!;
		if (longitude - before > 180) turns--;
		if (longitude - before < -180) turns++;
		before = longitude;
		places.push({
			east: (longitude + 360 * turns) * DEGREE_METRES * narrowing,
			north: track.latitude[index]! * DEGREE_METRES,
			index,
			seconds: track.time[index]! / 1000,
		});
	}
	return places;
}

/** Leaves out small stretches that are impossibly far away. */
function withoutJumps(places: readonly Flat[]): Flat[] {
	const stretches: Flat[][] = [];
	let before: Flat | undefined;
	for (const place of places) {
		const moved = before && Math.hypot(place.east - before.east, place.north - before.north);
		const isJump = before && moved! / Math.max(1, place.seconds - before.seconds) > FASTEST;
		if (!before || isJump) stretches.push([]);
		stretches.at(-1)!.push(place);
		before = place;
	}
	const longest = stretches.reduce((max, { length }) => Math.max(max, length), 0);
	const minimum = Math.min(longest, Math.max(2, places.length * SMALLEST_SHARE));
	return stretches.filter(({ length }) => length >= minimum).flat();
}

function rangeOf(values: Iterable<number>): { low: number; high: number } {
	let [low, high] = [Infinity, -Infinity];
	for (const value of values) {
		low = Math.min(low, value);
		high = Math.max(high, value);
	}
	return { low, high };
}
