import type { Units } from '../ride/units';
import { unitOf } from '../ride/units';
import { readable } from '../ride/figures';
import { widthOf } from './font';
import type { Place, Route } from './route';
import { disc, tenth, type Box, type Element, type Line } from './scene';
import type { Theme } from './theme';

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MAX_MARKS = 8;
const SIZE = 20;

/** Marks at round kilometres or miles along the route. */
export function distanceMarks(route: Route, box: Box, units: Units, theme: Theme): Element[] {
	const places = route.parts.flat();
	const { factor } = unitOf('distance', readable(units));
	const total = places.at(-1)!.metres * factor;
	const step = STEPS.find((candidate) => total / candidate <= MAX_MARKS);
	if (step === undefined) return [];
	const taken: Box[] = [];
	const elements: Element[] = [];
	let next = step;
	for (const place of places) {
		const here = place.metres * factor;
		if (here < next) continue;
		// After a gap several marks are due at once, and none of them is here.
		const isHere = here < next + step / 4;
		const mark = Math.floor(here / step) * step;
		next = mark + step;
		// There is no room next to the start and the end.
		if (!isHere || total - mark < step / 4) continue;
		elements.push(...markElements(place, String(mark), places, taken, box, theme));
	}
	return elements;
}

function markElements(
	place: Place,
	text: string,
	places: readonly Place[],
	taken: Box[],
	box: Box,
	theme: Theme,
): Element[] {
	const width = widthOf(text, { size: SIZE, bold: true });
	const rooms = DIRECTIONS.map(([dx, dy]) => ({
		x: place.x + dx * (width / 2 + 16) - width / 2,
		y: place.y + dy * 26 - SIZE / 2,
		width,
		height: SIZE,
	}));
	const free = rooms
		.map((room) => ({ room, cost: costOf(room, places, taken, box) }))
		.reduce((best, one) => (one.cost < best.cost ? one : best)).room;
	taken.push(free, { x: place.x - 10, y: place.y - 10, width: 20, height: 20 });
	return [
		disc(place.x, place.y, 9, theme.background),
		disc(place.x, place.y, 6, theme.ink),
		{
			kind: 'text',
			x: tenth(free.x),
			y: tenth(free.y + SIZE * 0.85),
			text,
			size: SIZE,
			colour: theme.ink,
			bold: true,
		},
	];
}

const DIRECTIONS = [
	[0, -1],
	[1, 0],
	[0, 1],
	[-1, 0],
	[1, -1],
	[1, 1],
	[-1, 1],
	[-1, -1],
] as const;

/** How much a label would cover. */
function costOf(room: Box, places: readonly Place[], taken: readonly Box[], box: Box): number {
	const near = grown(room, 8);
	const onLine = places.filter(({ x, y }) => isInside(x, y, near)).length;
	const onLabels = taken.filter((other) => overlap(near, other)).length;
	const isOutside =
		!isInside(room.x, room.y, grown(box, 30)) ||
		!isInside(room.x + room.width, room.y + room.height, grown(box, 30));
	return onLine + 100 * onLabels + (isOutside ? 1000 : 0);
}

function grown({ x, y, width, height }: Box, by: number): Box {
	return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

function isInside(x: number, y: number, box: Box): boolean {
	return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

function overlap(a: Box, b: Box): boolean {
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

const SCALES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, ...STEPS, 2000, 5000, 10_000];
const LONGEST_SCALE = 220;

/** The scale of the map: a bar of a round length, labelled with it. */
export function scaleElements(
	{ metresPerPixel }: Route,
	{ x, y }: { x: number; y: number },
	units: Units,
	theme: Theme,
): Element[] {
	const { factor, symbol } = unitOf('distance', readable(units));
	const pixels = (length: number) => length / factor / metresPerPixel;
	const length = SCALES.findLast((candidate) => pixels(candidate) <= LONGEST_SCALE) ?? SCALES[0]!;
	const right = x + pixels(length);
	const bar: Line = {
		kind: 'line',
		points: [x, y - 8, x, y, right, y, right, y - 8].map(tenth),
		colour: theme.ink,
		width: 2,
	};
	const small = symbol === 'km' && length < 1;
	const text = small ? `${Math.round(length * 1000)} m` : `${length} ${symbol}`;
	return [bar, { kind: 'text', x, y: y + 32, text, size: 20, colour: theme.muted }];
}
