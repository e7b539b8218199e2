import type { Canvas } from './canvas';
import type { Fade } from './scene';

/**
 * Fills contours, each x, y, x, y, … It accumulates signed areas, as font rasterisers do: each edge adds to the pixels it
 * crosses how much of them, and of all pixels to their right, is inside.
 */
export function fill(
	canvas: Canvas,
	contours: readonly number[][],
	colour: string,
	opacity?: number,
	fade?: Fade,
): void {
	const [xs, ys] = [0, 1].map((axis) =>
		contours.flatMap((points) => points.filter((_, i) => i % 2 === axis)),
	);
	if (xs!.length === 0) return;
	const extent = canvas.within(lowest(xs!), lowest(ys!), highest(xs!), highest(ys!));
	const { left, top, right, bottom } = extent;
	const [width, height] = [right - left, bottom - top];
	if (width <= 0 || height <= 0) return;
	const row = width + 2;
	const areas = new Float32Array(row * height + 2);
	for (const points of contours) {
		// Clip at the edges of the picture.
		const at = (index: number): [number, number] => [
			Math.min(width, Math.max(0, points[index]! - left)),
			Math.min(height, Math.max(0, points[index + 1]! - top)),
		];
		let from = at(points.length - 2);
		for (let index = 0; index < points.length; index += 2) {
			const to = at(index);
			addEdge(areas, row, from, to);
			from = to;
		}
	}
	for (let y = 0; y < height; y++) {
		let sum = 0;
		for (let x = 0; x < width; x++) {
			sum += areas[y * row + x]!;
			const coverage = Math.abs(sum);
			if (coverage > 0.01) canvas.cover(left + x, top + y, Math.min(1, coverage));
		}
	}
	canvas.paint(extent, colour, opacity, fade);
}

function lowest(values: readonly number[]): number {
	return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function highest(values: readonly number[]): number {
	return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

function addEdge(
	areas: Float32Array,
	row: number,
	from: readonly [number, number],
	to: readonly [number, number],
): void {
	if (from[1] === to[1]) return;
	const isDown = from[1] < to[1];
	const [[x0, y0], [x1, y1]] = isDown ? [from, to] : [to, from];
	const slope = (x1 - x0) / (y1 - y0);
	for (let y = Math.floor(y0); y < y1; y++) {
		const [above, below] = [Math.max(y, y0), Math.min(y + 1, y1)];
		const area = isDown ? below - above : above - below;
		const a = x0 + (above - y0) * slope;
		const b = x0 + (below - y0) * slope;
		addToRow(areas, y * row, Math.min(a, b), Math.max(a, b), area);
	}
}

/** Spreads an edge that runs from `left` to `right` within a row over the pixels it crosses. */
function addToRow(areas: Float32Array, at: number, left: number, right: number, area: number) {
	const [first, last] = [Math.floor(left), Math.ceil(right)];
	if (last <= first + 1) {
		const share = (left + right) / 2 - first;
		areas[at + first]! += area * (1 - share);
		areas[at + first + 1]! += area * share;
		return;
	}
	const perPixel = 1 / (right - left);
	// How much more of the area right of the edge each pixel has than the pixel before it.
	let before = 0;
	for (let x = first; x <= last; x++) {
		const inside = insideOf(x + 1 - left, perPixel) - insideOf(x + 1 - right, perPixel);
		areas[at + x]! += area * (inside - before);
		before = inside;
	}
}

/** The area under a ramp that is 0 up to 0 and then rises by `perPixel`, within the pixel that ends at `x`. */
function insideOf(x: number, perPixel: number): number {
	const up = (to: number) => (to <= 0 ? 0 : (to * to * perPixel) / 2);
	return up(x) - up(x - 1);
}
