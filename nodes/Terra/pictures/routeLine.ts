import { shareOf, type Effort } from './effort';
import type { Place, Route } from './route';
import { disc, tenth, type Element, type Line } from './scene';
import { heat, type Theme } from './theme';

/** The route in one colour, or in those of an effort with a dark rim; dotted where the position was unknown. */
export function routeElements(
	{ parts }: Route,
	effort: Effort | null,
	width: number,
	theme: Theme,
): Element[] {
	const known = parts.filter((part) => part.length > 0);
	const gaps = known.slice(1).map((part, index): Line => {
		const points = pointsOf([known[index]!.at(-1)!, part[0]!]);
		return { kind: 'line', points, colour: theme.muted, width: 2, butt: true, dash: [4, 6] };
	});
	const whole = (colour: string, thick: number) => known.map((part) => line(part, colour, thick));
	if (!effort) return [...gaps, ...whole(theme.accent, width)];
	return [
		...gaps,
		...whole(theme.ink, width + 4),
		...whole(theme.muted, width),
		...known.flatMap((part) => coloured(part, effort, width)),
	];
}

function line(places: readonly Place[], colour: string, width: number): Line {
	return { kind: 'line', points: pointsOf(places), colour, width };
}

function coloured(part: readonly Place[], effort: Effort, width: number): Line[] {
	const lines: Line[] = [];
	let run: Place[] = [];
	let colour: string | null = null;
	const end = () => {
		if (colour !== null && run.length > 0) lines.push(line(run, colour, width));
	};
	for (const place of part) {
		const share = shareOf(effort, place.index);
		const next = share === null ? null : heat(share);
		run.push(place);
		if (next === colour) continue;
		end();
		colour = next;
		// The next piece begins where this one ends.
		run = [place];
	}
	end();
	return lines;
}

function pointsOf(places: readonly Place[]): number[] {
	const points = places.flatMap(({ x, y }) => [tenth(x), tenth(y)]);
	return points.length === 2 ? [...points, ...points] : points;
}

/** Closer than this many pixels, start and end are one. */
const ONE_PLACE = 28;

/** Where the ride began, and where it ended unless that is the same place. */
export function endElements({ parts }: Route, theme: Theme, radius: number): Element[] {
	const first = parts[0]![0]!;
	const last = parts.at(-1)!.at(-1)!;
	const isLoop = Math.hypot(last.x - first.x, last.y - first.y) < ONE_PLACE;
	const third = radius * 0.42;
	return [
		...(isLoop ? [] : end(last, theme, radius)),
		...ring(first, theme, radius),
		disc(first.x, first.y, radius * 0.74, theme.start),
		{
			kind: 'area',
			points: [-third * 0.7, -third, third, 0, -third * 0.7, third].map((at, i) =>
				tenth(at + (i % 2 === 0 ? first.x : first.y)),
			),
			colour: '#ffffff',
		},
	];
}

function end(place: Place, theme: Theme, radius: number): Element[] {
	const side = radius * 0.36;
	const corners = [-side, -side, side, -side, side, side, -side, side];
	return [
		...ring(place, theme, radius),
		disc(place.x, place.y, radius * 0.74, theme.ink),
		{
			kind: 'area',
			points: corners.map((at, i) => tenth(at + (i % 2 === 0 ? place.x : place.y))),
			colour: theme.background,
		},
	];
}

function ring({ x, y }: Place, theme: Theme, radius: number): Element[] {
	return [
		disc(x, y, radius + 3, theme.background),
		disc(x, y, radius, theme.ink),
		disc(x, y, radius * 0.82, theme.background),
	];
}
