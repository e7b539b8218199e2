/** Opacity that changes evenly from one height to another. */
export interface Fade {
	from: number;
	to: number;
	/** The opacity at `to`; at `from` it is the area's own. */
	opacity: number;
}

/** A filled polygon. */
export interface Area {
	kind: 'area';
	/** x, y, x, y, … in pixels. */
	points: number[];
	colour: string;
	/** 1 if left out. */
	opacity?: number;
	fade?: Fade;
}

/** A line with round ends and joins. One of no length is a disc. */
export interface Line {
	kind: 'line';
	points: number[];
	colour: string;
	width: number;
	opacity?: number;
	/** Whether the ends are flat, as those of axes are. */
	butt?: boolean;
	/** Lengths of strokes and of the gaps between them. */
	dash?: readonly [number, number];
}

/** One line of text; `y` is its baseline. */
export interface Text {
	kind: 'text';
	x: number;
	y: number;
	text: string;
	size: number;
	colour: string;
	bold?: boolean;
	anchor?: 'start' | 'middle' | 'end';
}

export type Element = Area | Line | Text;

/**
 * A picture before it is drawn: plain data, so that one process can compose it and another draw it. Colours are
 * `#rrggbb`; later elements lie on top.
 */
export interface Scene {
	width: number;
	height: number;
	background: string;
	/** The text for screen readers. */
	title: string;
	elements: Element[];
}

export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Finer than a tenth of a pixel is invisible. */
export function tenth(value: number): number {
	return Math.round(value * 10) / 10;
}

export function disc(x: number, y: number, radius: number, colour: string): Line {
	return {
		kind: 'line',
		points: [tenth(x), tenth(y), tenth(x), tenth(y)],
		width: radius * 2,
		colour,
	};
}
