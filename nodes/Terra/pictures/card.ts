import type { Ride } from '../ride/ride';
import type { Track } from '../ride/track';
import type { Units } from '../ride/units';
import { powerOrHeartRate } from './effort';
import { bestFigures, figureElements, subtitleText, titleElements, titleText } from './heading';
import { profileElements } from './profile';
import { ringElements } from './ring';
import { routeOf } from './route';
import { endElements, routeElements } from './routeLine';
import type { Element, Scene } from './scene';
import type { Theme } from './theme';
import { zoneElements } from './zones';

const SIDE = 1080;
const MARGIN = 72;
const MIDDLE = { x: MARGIN + 24, y: 236, width: SIDE - 2 * MARGIN - 48, height: 390 };

/**
 * A square for chats: name, day, six figures, the route and the profile of a ride. Indoors a dial of power
 * replaces the route; without samples the zones do, or larger figures. Never throws.
 */
export function cardScene(ride: Ride, units: Units, theme: Theme): Scene {
	const track = ride.track();
	const middle = middleElements(ride, track, theme);
	const profile = profileElements(track, { width: SIDE, top: 934, bottom: SIDE }, theme);
	return {
		width: SIDE,
		height: SIDE,
		background: theme.background,
		title: titleText(ride),
		elements: [
			...titleElements(
				titleText(ride),
				{ x: MARGIN, y: 134, width: SIDE - 2 * MARGIN },
				{ size: 58, smallest: 42, lines: 2 },
				theme,
			),
			{ kind: 'text', x: MARGIN, y: 182, text: subtitleText(ride), size: 28, colour: theme.muted },
			...middle,
			...(middle.length > 0 ? figuresBelow(ride, units, theme) : figuresAlone(ride, units, theme)),
			...profile,
		],
	};
}

function middleElements(ride: Ride, track: Track, theme: Theme): Element[] {
	const route = routeOf(track, MIDDLE);
	if (route) return [...routeElements(route, null, 8, theme), ...endElements(route, theme, 14)];
	const effort = powerOrHeartRate(track);
	const centre = { x: SIDE / 2, y: MIDDLE.y + MIDDLE.height / 2 };
	if (effort) return ringElements(track, effort, { ...centre, inner: 104, outer: 206 });
	const zonesBox = { x: MARGIN, y: 272, width: SIDE - 2 * MARGIN, height: 350 };
	return zoneElements(ride.zones(), zonesBox, theme, { size: 24, row: 88 });
}

function figuresBelow(ride: Ride, units: Units, theme: Theme): Element[] {
	const style = { label: 24, value: 58, unit: 30 };
	const figures = bestFigures(ride, units, 6);
	// Four look better as two and two.
	const inRow = figures.length === 4 ? 2 : 3;
	const column = (SIDE - 2 * MARGIN) / inRow;
	return figures.flatMap((figure, index) => {
		const x = MARGIN + (index % inRow) * column;
		const y = index < inRow ? 756 : 880;
		return figureElements(figure, { x, y, width: column - 20 }, style, theme);
	});
}

/** If there is nothing else to show. */
function figuresAlone(ride: Ride, units: Units, theme: Theme): Element[] {
	const style = { label: 30, value: 96, unit: 44 };
	const column = (SIDE - 2 * MARGIN) / 2;
	return bestFigures(ride, units, 6).flatMap((figure, index) => {
		const x = MARGIN + (index % 2) * column;
		const y = 420 + Math.floor(index / 2) * 220;
		return figureElements(figure, { x, y, width: column - 24 }, style, theme);
	});
}
