import { hasAny, type Track } from '../ride/track';
import { tenth, type Element } from './scene';
import { highestShown, linesOf } from './series';
import type { Theme } from './theme';

const POINTS = 180;
/** A smaller range is flat, and drawn flat. */
const MIN_HEIGHT = 40;

/** The elevation of a ride along the lower edge of a picture; its heart rate or power if it has none. */
export function profileElements(
	track: Track,
	{ width, top, bottom }: { width: number; top: number; bottom: number },
	theme: Theme,
): Element[] {
	const shown = sensorOf(track, theme);
	if (!shown) return [];
	// From the first sample to the last: if the line did not reach the edges, it would look broken.
	const start = track.time[0]!;
	const seconds = Math.max(1, (track.time[track.length - 1]! - start) / 1000);
	const lines = linesOf(track, shown.sensor, start, seconds, POINTS);
	const means = lines.flat().map(({ mean }) => mean);
	const low = shown.fromZero ? 0 : means.reduce((a, b) => Math.min(a, b), Infinity);
	const high = Math.max(highestShown(means, low), low + MIN_HEIGHT);
	const floor = bottom - (bottom - top) * 0.18;
	const toX = (x: number) => tenth((x / seconds) * width);
	const toY = (value: number) =>
		tenth(floor - Math.min(1, (value - low) / (high - low)) * (floor - top));
	const fade = { from: top, to: bottom, opacity: 0.08 };
	const step = width / POINTS;
	const edge = (x: number) => (x < step ? 0 : x > width - step ? width : x);
	return lines.flatMap((line): Element[] => {
		if (line.length === 1) return [];
		const points = line.flatMap(({ x, mean }) => [toX(x), toY(mean)]);
		// The first and last points are in the middle of their stretch, so extend the line to the edges.
		const [left, right] = [edge(points[0]!), edge(points.at(-2)!)];
		points.unshift(left, points[1]!);
		points.push(right, points.at(-1)!);
		const ground = [right, bottom, left, bottom];
		const { colour } = shown;
		return [
			{ kind: 'area', points: [...points, ...ground], colour, opacity: 0.5, fade },
			{ kind: 'line', points, colour, width: 4 },
		];
	});
}

function sensorOf(track: Track, theme: Theme) {
	const heartRate = track.heartRate.map((bpm) => (bpm > 0 ? bpm : NaN));
	const choices = [
		{ sensor: track.elevation, colour: theme.accent, fromZero: false },
		{ sensor: heartRate, colour: theme.heartRate, fromZero: false },
		{ sensor: track.power, colour: theme.power, fromZero: true },
	];
	return choices.find(({ sensor }) => hasAny(sensor));
}
