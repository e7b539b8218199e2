import * as roboto from './roboto';

const UNITS = 256;

export interface Style {
	size: number;
	bold?: boolean;
}

interface Glyph {
	width: number;
	/** Each x, y, x, y, … with curves as short lines. */
	contours: number[][];
}

const NONE: Glyph = { width: 0, contours: [] };

/** Emoji with their modifiers, and marks that no letter of the font has. */
const LEFT_OUT =
	/[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{M}\p{Cf}\p{Cs}\p{Co}\u{E0020}-\u{E007F}]/u;

/**
 * As much of a text as the font can draw, in one line. Emoji, and accents that the font lacks, are left out; "…" replaces
 * letters of other scripts. Empty if nothing meaningful is left, such as only the number in a Japanese name.
 */
export function drawable(text: string, { bold }: Pick<Style, 'bold'> = {}): string {
	const { glyphs } = bold ? roboto.bold : roboto.regular;
	const has = (character: string) => Object.hasOwn(glyphs, character);
	let drawn = '';
	let hasOthers = false;
	for (const character of text.normalize('NFC').replace(/[\s\p{Cc}]+/gu, ' ')) {
		if (has(character)) drawn += character;
		else if (has(baseOf(character))) drawn += baseOf(character);
		else if (!LEFT_OUT.test(character)) {
			hasOthers = true;
			if (!drawn.endsWith('…')) drawn += '…';
		}
	}
	const tidy = drawn
		.replace(/…( ?…)+/g, '…')
		.replace(/ +/g, ' ')
		.trim();
	return (hasOthers ? /\p{L}/u : /[\p{L}\p{N}]/u).test(tidy) ? tidy : '';
}

/** In pixels. */
export function widthOf(text: string, { size, bold }: Style): number {
	const font = fontOf(bold);
	let units = 0;
	let before = '';
	for (const character of text) {
		units += font.kerning(before, character) + font.glyph(character).width;
		before = character;
	}
	return (units * size) / UNITS;
}

/** The contours of a text whose baseline begins at x, y. */
export function outlinesOf(text: string, x: number, y: number, { size, bold }: Style): number[][] {
	const font = fontOf(bold);
	const scale = size / UNITS;
	const outlines: number[][] = [];
	let pen = 0;
	let before = '';
	for (const character of text) {
		const { width, contours } = font.glyph(character);
		pen += font.kerning(before, character);
		for (const contour of contours) {
			outlines.push(
				contour.map((at, i) => (i % 2 === 0 ? x + (pen + at) * scale : y - at * scale)),
			);
		}
		pen += width;
		before = character;
	}
	return outlines;
}

/** As much of a text as fits into this width in pixels, with an ellipsis. */
export function fitted(text: string, style: Style, width: number): string {
	if (widthOf(text, style) <= width) return text;
	const characters = [...text];
	let [fits, tooMany] = [0, characters.length];
	while (tooMany - fits > 1) {
		const middle = (fits + tooMany) >> 1;
		if (widthOf(`${start(middle)}…`, style) <= width) fits = middle;
		else tooMany = middle;
	}
	return `${start(fits)}…`;

	function start(count: number) {
		return characters.slice(0, count).join('').trimEnd();
	}
}

/** A text broken between words into at most this many lines; the last ends with an ellipsis if text is left over. */
export function wrapped(text: string, style: Style, width: number, lines: number): string[] {
	if (lines === 1 || widthOf(text, style) <= width) return [fitted(text, style, width)];
	const words = text.split(' ');
	let count = 1;
	while (widthOf(words.slice(0, count + 1).join(' '), style) <= width) count++;
	const first = words.slice(0, count).join(' ');
	const rest = words.slice(count).join(' ');
	// A first word wider than the line is cut: there is nowhere to break it.
	if (rest === '' || widthOf(first, style) > width) return [fitted(text, style, width)];
	return [first, ...wrapped(rest, style, width, lines - 1)];
}

interface Font {
	glyph(character: string): Glyph;
	kerning(left: string, right: string): number;
}

const fonts = { regular: readFont(roboto.regular), bold: readFont(roboto.bold) };

function fontOf(bold: boolean | undefined): Font {
	return bold ? fonts.bold : fonts.regular;
}

/** Reads each glyph and kerning pair once, when it is first used. */
function readFont({ glyphs, kerning }: roboto.Outlines): Font {
	const read = new Map<string, Glyph>();
	const distances = new Map<string, number>();
	const glyph = (character: string): Glyph => {
		const known = read.get(character);
		if (known) return known;
		const text = Object.hasOwn(glyphs, character) ? glyphs[character]! : undefined;
		const made = text === undefined ? NONE : readGlyph(text, glyph);
		read.set(character, made);
		return made;
	};
	return {
		glyph,
		kerning(left, right) {
			const pair = left + right;
			const known = distances.get(pair);
			if (known !== undefined) return known;
			const [from, to] = [baseOf(left), baseOf(right)];
			const classes = Object.entries(Object.hasOwn(kerning, from) ? kerning[from]! : {});
			const found = classes.find(([, rights]) => to !== '' && rights.includes(to));
			distances.set(pair, Number(found?.[0] ?? 0));
			return distances.get(pair)!;
		},
	};
}

/** The letter without its accent, for kerning and for accents that the font lacks. */
function baseOf(character: string): string {
	return [...character.normalize('NFD')][0] ?? '';
}

const STEP = /([mlq])(-?\d+) ?(-?\d+)|@(.)(-?\d+) ?(-?\d+)/gu;

function readGlyph(text: string, glyph: (character: string) => Glyph): Glyph {
	const contours: number[][] = [];
	let points: Point[] = [];
	let [x, y] = [0, 0];
	const close = () => {
		if (points.length > 1) contours.push(flattened(points));
		points = [];
	};
	for (const [, step, dx, dy, part, partX, partY] of text.matchAll(STEP)) {
		if (part !== undefined) {
			const [left, up] = [Number(partX), Number(partY)];
			const moved = glyph(part).contours.map((contour) =>
				contour.map((at, i) => at + (i % 2 === 0 ? left : up)),
			);
			contours.push(...moved);
			continue;
		}
		if (step === 'm') close();
		x += Number(dx);
		y += Number(dy);
		points.push({ x, y, on: step !== 'q' });
	}
	close();
	return { width: Number.parseInt(text, 10), contours };
}

interface Point {
	x: number;
	y: number;
	/** Whether the curve passes through it. */
	on: boolean;
}

/** Enough for a letter a hundred pixels high. */
const PIECES = 6;

/** A closed contour as straight pieces. Between two control points the curve passes through their midpoint. */
function flattened(points: readonly Point[]): number[] {
	const flat: number[] = [];
	let from = points[0]!;
	flat.push(from.x, from.y);
	for (let index = 1; index <= points.length; index++) {
		const point = points[index % points.length]!;
		if (point.on) {
			flat.push(point.x, point.y);
			from = point;
			continue;
		}
		const next = points[(index + 1) % points.length]!;
		const to = next.on ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2, on: true };
		for (let piece = 1; piece <= PIECES; piece++) {
			const t = piece / PIECES;
			const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
			flat.push(a * from.x + b * point.x + c * to.x, a * from.y + b * point.y + c * to.y);
		}
		from = to;
		if (next.on) index++;
	}
	return flat;
}
