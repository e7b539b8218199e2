import { figuresOf, type Figure } from '../ride/figures';
import { sportOf, titleOf, type Ride } from '../ride/ride';
import type { Units } from '../ride/units';
import { dayText } from '../terra/times';
import { shorten } from '../text/shorten';
import { drawable, fitted, widthOf, wrapped } from './font';
import { type Box, type Text } from './scene';
import type { Theme } from './theme';

/** The ride's title, as far as the font has its letters; the kind of activity if it has none of them. */
export function titleText(ride: Ride): string {
	const style = { bold: true };
	return drawable(titleOf(ride), style) || drawable(sportOf(ride), style) || 'Activity';
}

/** "Road Biking · 14 Nov 2026". */
export function subtitleText(ride: Ride, ...more: Array<string | null | undefined>): string {
	const sport = ride.title !== null && titleText(ride) !== sportOf(ride) && sportOf(ride);
	return [sport, dayText(ride.localDate), ...more].filter(Boolean).join(' · ');
}

interface TitleStyle {
	/** The size of a title that fits; one that does not is made smaller, then broken, then cut. */
	size: number;
	smallest: number;
	lines: number;
}

/** The title, with the baseline of its last line at the given height. */
export function titleElements(
	text: string,
	{ x, y, width }: { x: number; y: number; width: number },
	{ size, smallest, lines }: TitleStyle,
	theme: Theme,
): Text[] {
	const natural = widthOf(text, { size, bold: true });
	const shrunk = Math.max(
		smallest,
		Math.min(size, Math.floor((size * width) / Math.max(1, natural))),
	);
	const broken = wrapped(text, { size: shrunk, bold: true }, width, lines);
	return broken.map((line, index) => ({
		kind: 'text',
		x,
		y: y - (broken.length - 1 - index) * Math.round(shrunk * 1.2),
		text: line,
		size: shrunk,
		colour: theme.ink,
		bold: true,
	}));
}

/** The figures that say most about this ride. */
export function bestFigures(ride: Ride, units: Units, count: number): Figure[] {
	const figures = figuresOf(ride, units);
	const { distance, duration, climb, normalised, work, tss, calories } = figures;
	// Indoors there is no climbing, and a distance of zero means that none was recorded.
	const ridden = (ride.distance ?? 0) > 0 ? distance : null;
	const climbed = (ride.climb ?? 0) > 0 ? climb : null;
	const average = (figure: Figure | null) =>
		figure && { ...figure, label: `Average ${figure.label.toLowerCase()}` };
	return [
		ridden,
		duration,
		climbed,
		average(figures.power),
		normalised,
		average(figures.heartRate),
		work,
		tss,
		average(figures.speed),
		highest('Max power', ride.maxWatts, 'W'),
		highest('Max heart rate', ride.maxHeartRate, 'bpm'),
		average(figures.cadence),
		calories,
	]
		.filter((figure) => figure !== null)
		.slice(0, count);
}

function highest(label: string, value: number | null, unit: string): Figure | null {
	return value === null ? null : { label, text: `${Math.round(value)} ${unit}` };
}

interface FigureStyle {
	label: number;
	value: number;
	unit: number;
}

/** A figure with its name above it; `y` is the baseline of the number. */
export function figureElements(
	{ label, text }: Figure,
	{ x, y, width }: Pick<Box, 'x' | 'y' | 'width'>,
	style: FigureStyle,
	theme: Theme,
): Text[] {
	const [, number, unit] = /^(.*?)(?: ([^ ]+))?$/.exec(shorten(text, 16))!;
	const room = width - (unit ? widthOf(unit, { size: style.unit }) + style.unit / 2 : 0);
	const natural = widthOf(number!, { size: style.value, bold: true });
	const size = Math.floor(Math.min(style.value, (style.value * room) / Math.max(1, natural)));
	const value: Text = { kind: 'text', x, y, text: number!, size, colour: theme.ink, bold: true };
	const name: Text = {
		kind: 'text',
		x,
		y: y - style.value - style.label * 0.2,
		text: fitted(label, { size: style.label }, width),
		size: style.label,
		colour: theme.muted,
	};
	if (!unit) return [name, value];
	const beside = x + widthOf(number!, value) + style.unit * 0.4;
	return [
		name,
		value,
		{ kind: 'text', x: beside, y, text: unit, size: style.unit, colour: theme.muted },
	];
}
