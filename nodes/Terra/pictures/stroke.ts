import type { Canvas } from './canvas';
import type { Line } from './scene';

/**
 * Draws a line by the distance of each pixel from it: polygons would cover the joins twice. The time it takes depends on
 * the line's length and width, not its direction.
 */
export function stroke(canvas: Canvas, line: Line): void {
	const half = line.width / 2;
	let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const [x0, y0, x1, y1] of line.dash ? dashes(line, line.dash) : pieces(line)) {
		drawPiece(canvas, [x0, y0, x1, y1], half, line.butt === true);
		left = Math.min(left, x0, x1);
		right = Math.max(right, x0, x1);
		top = Math.min(top, y0, y1);
		bottom = Math.max(bottom, y0, y1);
	}
	if (left > right) return;
	const extent = canvas.within(left - half, top - half, right + half, bottom + half);
	canvas.paint(extent, line.colour, line.opacity);
}

type Piece = readonly [x0: number, y0: number, x1: number, y1: number];

function* pieces({ points }: Line): Generator<Piece> {
	for (let at = 0; at + 3 < points.length; at += 2) {
		yield [points[at]!, points[at + 1]!, points[at + 2]!, points[at + 3]!];
	}
}

/** Each piece of a dashed line begins with a dash, which is good enough for straight lines. */
function* dashes(line: Line, [dash, gap]: readonly [number, number]): Generator<Piece> {
	for (const [x0, y0, x1, y1] of pieces(line)) {
		const length = Math.hypot(x1 - x0, y1 - y0);
		const at = (share: number) => [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share] as const;
		for (let from = 0; from < length; from += dash + gap) {
			yield [...at(from / length), ...at(Math.min(1, (from + dash) / length))];
		}
	}
}

function drawPiece(canvas: Canvas, piece: Piece, half: number, butt: boolean): void {
	const [x0, y0, x1, y1] = piece;
	const [dx, dy] = [x1 - x0, y1 - y0];
	const length = Math.hypot(dx, dy);
	const box = canvas.within(
		Math.min(x0, x1) - half,
		Math.min(y0, y1) - half,
		Math.max(x0, x1) + half,
		Math.max(y0, y1) + half,
	);
	// The flatter the line, the more pixels of a row it covers.
	const reach = dy === 0 ? Infinity : ((half + 1) * length) / Math.abs(dy);
	for (let y = box.top; y < box.bottom; y++) {
		const py = y + 0.5 - y0;
		const middle = dy === 0 ? 0 : x0 + (py * dx) / dy;
		const left = Math.max(box.left, Math.floor(middle - reach - 1));
		const right = Math.min(box.right, Math.ceil(middle + reach + 1));
		for (let x = left; x < right; x++) {
			const px = x + 0.5 - x0;
			const along = length === 0 ? 0 : (px * dx + py * dy) / length;
			const nearest = Math.min(length, Math.max(0, along));
			const across = length === 0 ? 0 : Math.abs(px * dy - py * dx) / length;
			const beyond = length === 0 ? Math.hypot(px, py) : Math.abs(along - nearest);
			const coverage = butt
				? clamp(half + 0.5 - across) * clamp(along + 0.5) * clamp(length - along + 0.5)
				: clamp(half + 0.5 - Math.sqrt(across * across + beyond * beyond));
			if (coverage > 0) canvas.cover(x, y, coverage);
		}
	}
}

function clamp(value: number): number {
	return value <= 0 ? 0 : value >= 1 ? 1 : value;
}
