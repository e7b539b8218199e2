import type { Fade } from './scene';

/** Levels of coverage: more would make files larger without a visible difference. */
const LEVELS = 15;

/** The part of a picture that something covers: `to` is not included. */
interface Extent {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** Pixels, and a mask: each shape is first drawn on the mask, then painted. */
export class Canvas {
	/** Red, green and blue of each pixel. */
	readonly pixels: Uint8Array;

	private readonly mask: Uint8Array;

	constructor(
		readonly width: number,
		readonly height: number,
		background: string,
	) {
		this.pixels = new Uint8Array(width * height * 3);
		this.mask = new Uint8Array(width * height);
		const [red, green, blue] = rgb(background);
		for (let at = 0; at < this.pixels.length; at += 3) {
			this.pixels[at] = red;
			this.pixels[at + 1] = green;
			this.pixels[at + 2] = blue;
		}
	}

	/** The part of the picture between two corners, with room for smooth edges. */
	within(left: number, top: number, right: number, bottom: number): Extent {
		return {
			left: Math.max(0, Math.floor(left - 1)),
			top: Math.max(0, Math.floor(top - 1)),
			right: Math.min(this.width, Math.ceil(right + 1)),
			bottom: Math.min(this.height, Math.ceil(bottom + 1)),
		};
	}

	/** Covers a pixel. Where two shapes are painted together, the higher coverage counts, not the sum. */
	cover(x: number, y: number, coverage: number): void {
		const level = Math.round(coverage * LEVELS);
		const at = y * this.width + x;
		if (level > this.mask[at]!) this.mask[at] = level;
	}

	/** Paints what is covered, and clears the mask. */
	paint({ left, top, right, bottom }: Extent, colour: string, opacity = 1, fade?: Fade): void {
		const [red, green, blue] = rgb(colour);
		const { mask, pixels, width } = this;
		for (let y = top; y < bottom; y++) {
			const share = (fade ? faded(opacity, fade, y + 0.5) : opacity) / LEVELS;
			for (let x = left; x < right; x++) {
				const level = mask[y * width + x]!;
				if (level === 0) continue;
				mask[y * width + x] = 0;
				const amount = level * share;
				const at = (y * width + x) * 3;
				pixels[at] = pixels[at]! + (red - pixels[at]!) * amount + 0.5;
				pixels[at + 1] = pixels[at + 1]! + (green - pixels[at + 1]!) * amount + 0.5;
				pixels[at + 2] = pixels[at + 2]! + (blue - pixels[at + 2]!) * amount + 0.5;
			}
		}
	}
}

function faded(opacity: number, fade: Fade, y: number): number {
	const share = Math.min(1, Math.max(0, (y - fade.from) / (fade.to - fade.from || 1)));
	return opacity + (fade.opacity - opacity) * share;
}

function rgb(colour: string): [number, number, number] {
	const value = Number.parseInt(colour.slice(1), 16);
	return [value >> 16, (value >> 8) & 255, value & 255];
}
