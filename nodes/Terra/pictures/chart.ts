import { readable } from '../ride/figures';
import type { Ride } from '../ride/ride';
import { hasAny, type Track } from '../ride/track';
import { convert, unitOf, type Units } from '../ride/units';
import { bestFigures, figureElements, subtitleText, titleElements, titleText } from './heading';
import { panelElements, type Panel } from './panel';
import type { Element, Scene } from './scene';
import { extentOf, linesOf } from './series';
import type { Theme } from './theme';
import { zoneElements } from './zones';

const WIDTH = 1200;
const HEIGHT = 800;
const MARGIN = 48;
const PLOT = { left: 100, top: 276, bottom: HEIGHT - 76 };
const ZONES_WIDTH = 260;
const FIGURES = 6;
const POINTS = 600;

/**
 * Power, heart rate and elevation over time, and the time in each heart rate zone; anything that Terra lacks is left
 * out. Never throws; for an activity without samples it shows figures and zones.
 */
export function chartScene(ride: Ride, units: Units, theme: Theme): Scene {
	const track = ride.track();
	const zones = ride.zones();
	const { start, seconds } = extentOf(ride, track);
	const panels = track.length > 0 ? panelsOf(ride, track, units, theme, start, seconds) : [];
	const right = WIDTH - MARGIN - (zones.length > 0 ? ZONES_WIDTH + 56 : 0);
	const box = {
		x: PLOT.left,
		y: PLOT.top,
		width: right - PLOT.left,
		height: PLOT.bottom - PLOT.top,
	};
	const zonesBox = { ...box, x: WIDTH - MARGIN - ZONES_WIDTH, width: ZONES_WIDTH };
	return {
		width: WIDTH,
		height: HEIGHT,
		background: theme.background,
		title: titleText(ride),
		elements: [
			...heading(ride, units, theme),
			...(panels.length > 0
				? panelElements(panels, box, seconds, theme)
				: [nothingToDraw(box.x + box.width / 2, box.y + box.height / 2, theme)]),
			...zoneElements(zones, zonesBox, theme, { size: 15, row: 76 }),
		],
	};
}

function nothingToDraw(x: number, y: number, { muted }: Theme): Element {
	const text = 'No power, heart rate or elevation samples';
	return { kind: 'text', x, y, text, size: 20, colour: muted, anchor: 'middle' };
}

function heading(ride: Ride, units: Units, theme: Theme): Element[] {
	const width = WIDTH - 2 * MARGIN;
	const column = width / FIGURES;
	const style = { label: 17, value: 34, unit: 19 };
	return [
		...titleElements(
			titleText(ride),
			{ x: MARGIN, y: 76, width },
			{ size: 40, smallest: 28, lines: 1 },
			theme,
		),
		{ kind: 'text', x: MARGIN, y: 112, text: subtitleText(ride), size: 20, colour: theme.muted },
		...bestFigures(ride, units, FIGURES).flatMap((figure, index) =>
			figureElements(
				figure,
				{ x: MARGIN + index * column, y: 206, width: column - 16 },
				style,
				theme,
			),
		),
	];
}

function panelsOf(
	ride: Ride,
	track: Track,
	units: Units,
	theme: Theme,
	start: number,
	seconds: number,
): Panel[] {
	const height = track.elevation.map((metres) => convert(metres, 'height', readable(units)) ?? NaN);
	// A strap that has lost contact sends zero.
	const heartRate = track.heartRate.map((bpm) => (bpm > 0 ? bpm : NaN));
	const panels = [
		{
			title: 'Power',
			unit: 'W',
			colour: theme.power,
			sensor: track.power,
			average: ride.avgWatts,
			fromZero: true,
			peaks: true,
			weight: 4,
		},
		{
			title: 'Heart rate',
			unit: 'bpm',
			colour: theme.heartRate,
			sensor: heartRate,
			average: ride.avgHeartRate,
			fromZero: false,
			peaks: false,
			weight: 3,
		},
		{
			title: 'Elevation',
			unit: unitOf('height', readable(units)).symbol,
			colour: theme.elevation,
			sensor: height,
			average: null,
			fromZero: false,
			peaks: false,
			weight: 3,
		},
	];
	return panels
		.filter(({ sensor }) => hasAny(sensor))
		.map(({ sensor, ...panel }) => ({
			...panel,
			lines: linesOf(track, sensor, start, seconds, POINTS),
		}));
}
