import { figuresOf } from '../ride/figures';
import type { Ride } from '../ride/ride';
import type { Track } from '../ride/track';
import type { Units } from '../ride/units';
import { UserError } from '../terra/userError';
import { gradient, powerOrHeartRate, type Effort } from './effort';
import { subtitleText, titleElements, titleText } from './heading';
import { legendElements } from './legend';
import { distanceMarks, scaleElements } from './marks';
import { ringElements } from './ring';
import { routeOf, type Route } from './route';
import { endElements, routeElements } from './routeLine';
import type { Element, Scene } from './scene';
import type { Theme } from './theme';

const SIDE = 1080;
const MARGIN = 64;
const BOX = { x: MARGIN + 30, y: 220, width: SIDE - 2 * MARGIN - 60, height: 690 };
const FOOT = SIDE - 84;

/**
 * The route of a ride, coloured by power, or by gradient if there is no power. It has no tiles, so nothing is requested
 * from anybody. Indoors a dial of power replaces it.
 *
 * @throws UserError if there are neither positions nor power nor heart rate
 */
export function mapScene(ride: Ride, units: Units, theme: Theme): Scene {
	const track = ride.track();
	const route = routeOf(track, BOX);
	return {
		width: SIDE,
		height: SIDE,
		background: theme.background,
		title: titleText(ride),
		elements: [
			...heading(ride, units, theme),
			...(route ? mapElements(route, track, units, theme) : dialElements(ride, track, theme)),
		],
	};
}

function heading(ride: Ride, units: Units, theme: Theme): Element[] {
	const { distance, duration } = figuresOf(ride, units);
	const ridden = (ride.distance ?? 0) > 0 ? distance?.text : null;
	const text = subtitleText(ride, ridden, duration?.text);
	return [
		...titleElements(
			titleText(ride),
			{ x: MARGIN, y: 108, width: SIDE - 2 * MARGIN },
			{ size: 48, smallest: 34, lines: 1 },
			theme,
		),
		{ kind: 'text', x: MARGIN, y: 150, text, size: 25, colour: theme.muted },
	];
}

function mapElements(route: Route, track: Track, units: Units, theme: Theme): Element[] {
	const effort = effortOf(track, route);
	return [
		...routeElements(route, effort, 10, theme),
		...distanceMarks(route, BOX, units, theme),
		...endElements(route, theme, 17),
		...scaleElements(route, { x: MARGIN, y: FOOT }, units, theme),
		...(effort ? legendElements(effort, { right: SIDE - MARGIN, y: FOOT }, theme) : []),
	];
}

function effortOf(track: Track, route: Route): Effort | null {
	const effort = powerOrHeartRate(track);
	if (effort?.name === 'Power') return effort;
	const metres = new Float64Array(track.length).fill(NaN);
	for (const place of route.parts.flat()) metres[place.index] = place.metres;
	return gradient(track, metres) ?? effort;
}

/** A dial in place of a map. */
function dialElements(ride: Ride, track: Track, theme: Theme): Element[] {
	const effort = powerOrHeartRate(track);
	if (!effort) {
		throw new UserError(
			'The activity has no positions, power or heart rate to draw a map from',
			'Choose the card or the chart, or fetch it with samples.',
		);
	}
	const centre = { x: SIDE / 2, y: BOX.y + BOX.height / 2 + 6 };
	const { power, heartRate } = figuresOf(ride, 'metric');
	const [figure, average] =
		effort.name === 'Power' ? [power, 'Average power'] : [heartRate, 'Average heart rate'];
	const middle: Element[] = figure
		? [
				{
					...centred(centre.x, centre.y + 20, figure.text),
					size: 64,
					colour: theme.ink,
					bold: true,
				},
				{ ...centred(centre.x, centre.y + 60, average!), size: 23, colour: theme.muted },
			]
		: [];
	const hint = 'Clockwise from the start to the end';
	return [
		...ringElements(track, effort, { ...centre, inner: 190, outer: 345 }),
		...middle,
		{ kind: 'text', x: MARGIN, y: FOOT + 32, text: hint, size: 20, colour: theme.muted },
		...legendElements(effort, { right: SIDE - MARGIN, y: FOOT }, theme),
	];
}

function centred(x: number, y: number, text: string) {
	return { kind: 'text', x, y, text, anchor: 'middle' } as const;
}
