import { figuresOf, readable } from '../ride/figures';
import { sportOf, titleOf, type Ride } from '../ride/ride';
import { hasAny, type Track } from '../ride/track';
import { convert, unitOf, type Units } from '../ride/units';
import { dayText } from '../terra/times';
import { shorten, shortenToWidth } from '../text/shorten';
import { escapeXml } from '../text/xml';
import { highestShown, linesOf, ticks, timeTicks, type Line } from './series';
import { zonePanel } from './zones';

export interface ChartOptions {
	units?: Units;
}

const WIDTH = 1200;
const HEIGHT = 600;
const LEFT = 68;
const RIGHT = 32;
const TOP = 112;
const BOTTOM = 60;
const PANEL_GAP = 36;
const ZONES_WIDTH = 264;
const POINTS = 600;

/** One sensor's share of the picture. */
interface Panel {
	title: string;
	unit: string;
	colour: string;
	lines: Line[];
	/** Average to mark with a dashed line. */
	average: number | null;
	/** Heart rate and elevation say nothing at zero, power does. */
	fromZero: boolean;
	/** Power jumps about so much that its highest values are worth a shade above the mean. */
	peaks: boolean;
	/** Its share of the height. */
	weight: number;
}

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/**
 * A ride as a picture: power, heart rate and elevation over time, and the time in each heart rate zone.
 * A self-contained SVG text of 1200 × 600 without scripts; what Terra does not have is left out.
 * Never throws; an activity without samples gives its figures and zones.
 */
export function rideChart(ride: Ride, options: ChartOptions = {}): string {
	const units = options.units ?? 'metric';
	const track = ride.track();
	const zones = ride.zones();
	const { start, seconds } = extent(ride, track);
	const panels = track.length > 0 ? panelsOf(ride, track, units, start, seconds) : [];
	const plotWidth = WIDTH - LEFT - RIGHT - (zones.length > 0 ? ZONES_WIDTH : 0);
	const zonesBox = {
		x: WIDTH - RIGHT - ZONES_WIDTH + 56,
		y: TOP,
		width: ZONES_WIDTH - 56,
		height: HEIGHT - TOP - BOTTOM,
	};
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="'Inter', 'Helvetica Neue', Helvetica, Arial, sans-serif" font-size="13" fill="#475569">`,
		`<title>${escapeXml(shorten(titleOf(ride), 70))}</title>`,
		`<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
		heading(ride, units),
		...plot(panels, { x: LEFT, y: TOP, width: plotWidth, height: HEIGHT - TOP - BOTTOM }, seconds),
		zonePanel(zones, zonesBox),
		'</svg>',
		'',
	].join('\n');
}

function heading(ride: Ride, units: Units): string {
	const under = [ride.title && sportOf(ride), dayText(ride.localDate)]
		.filter(Boolean)
		.join('  ·  ');
	const { distance, duration, climb, power, normalised, heartRate, tss } = figuresOf(ride, units);
	const figures = [distance, duration, climb, power, normalised, heartRate, tss].filter(
		(figure) => figure !== null,
	);
	const width = 98;
	const left = WIDTH - RIGHT - figures.length * width;
	return [
		`<text x="${LEFT - 36}" y="46" font-size="24" font-weight="700" fill="#0f172a">${escapeXml(fitted(shorten(titleOf(ride), 70), left - LEFT))}</text>`,
		`<text x="${LEFT - 36}" y="72" font-size="14">${escapeXml(under)}</text>`,
		...figures.map(({ label, text }, index) => {
			const x = left + (index + 1) * width;
			const short = label === 'Normalised power' ? 'Normalised' : label;
			return `<text x="${x}" y="42" text-anchor="end" font-size="16" font-weight="600" fill="#0f172a">${escapeXml(shorten(text, 12))}</text><text x="${x}" y="62" text-anchor="end" font-size="12" fill="#64748b">${short}</text>`;
		}),
	].join('\n');
}

/** A title that does not run into the figures beside it; a letter of this size is about 12.5 wide. */
function fitted(title: string, width: number): string {
	return shortenToWidth(title, Math.max(12, Math.floor(width / 12.5)));
}

function extent({ start, end }: Ride, track: Track): { start: number; seconds: number } {
	const first = track.length > 0 ? track.time[0]! : 0;
	const last = track.length > 0 ? track.time[track.length - 1]! : 0;
	// The ride's own start and end, unless they do not go with the samples.
	const from = start !== null && start <= first && first - start < 86_400_000 ? start : first;
	const to = end !== null && end >= last && end - last < 86_400_000 ? end : last;
	return { start: from, seconds: Math.max(1, (to - from) / 1000) };
}

function panelsOf(ride: Ride, track: Track, units: Units, start: number, seconds: number): Panel[] {
	const lines = (sensor: Float64Array) => linesOf(track, sensor, start, seconds, POINTS);
	const height = track.elevation.map((metres) => convert(metres, 'height', readable(units)));
	const panels: Panel[] = [];
	if (hasAny(track.power)) {
		panels.push({
			title: 'Power',
			unit: 'W',
			colour: '#7c3aed',
			lines: lines(track.power),
			average: ride.avgWatts,
			fromZero: true,
			peaks: true,
			weight: 4,
		});
	}
	// A strap that loses contact sends zero.
	const heartRate = track.heartRate.map((bpm) => (bpm > 0 ? bpm : NaN));
	if (hasAny(heartRate)) {
		panels.push({
			title: 'Heart rate',
			unit: 'bpm',
			colour: '#e11d48',
			lines: lines(heartRate),
			average: ride.avgHeartRate,
			fromZero: false,
			peaks: false,
			weight: 3,
		});
	}
	if (hasAny(height)) {
		panels.push({
			title: 'Elevation',
			unit: unitOf('height', readable(units)).symbol,
			colour: '#0d9488',
			lines: lines(height),
			average: null,
			fromZero: false,
			peaks: false,
			weight: 3,
		});
	}
	return panels;
}

function plot(panels: readonly Panel[], box: Box, seconds: number): string[] {
	if (panels.length === 0) {
		const x = box.x + box.width / 2;
		const y = box.y + box.height / 2;
		return [
			`<text x="${x}" y="${y}" text-anchor="middle" font-size="16">No power, heart rate or elevation samples</text>`,
		];
	}
	const weights = panels.reduce((sum, { weight }) => sum + weight, 0);
	const room = box.height - PANEL_GAP * (panels.length - 1);
	let y = box.y;
	const parts = panels.map((panel) => {
		const height = (room * panel.weight) / weights;
		const part = panelElement(panel, { ...box, y, height }, seconds);
		y += height + PANEL_GAP;
		return part;
	});
	return [...parts, timeAxis(box, seconds)];
}

function panelElement(panel: Panel, box: Box, seconds: number): string {
	const points = panel.lines.flat();
	const low = points.reduce((least, { mean }) => Math.min(least, mean), Infinity);
	const from = panel.fromZero ? Math.min(0, low) : low;
	const heights = points.map(({ mean, max }) => (panel.peaks ? max : mean));
	const high = highestShown(heights, from);
	const marks = ticks(from, Math.max(high, from + 1), box.height > 200 ? 5 : 3);
	const [bottom, top] = [marks[0]!, marks.at(-1)!];
	const toX = (x: number) => (box.x + (x / seconds) * box.width).toFixed(1);
	const toY = (value: number) =>
		(box.y + box.height - ((Math.min(value, top) - bottom) / (top - bottom)) * box.height).toFixed(
			1,
		);
	const cut = points.filter(({ mean, max }) => (panel.peaks ? max : mean) > top);

	const means = (line: Line) => line.map(({ x, mean }) => `${toX(x)},${toY(mean)}`);
	const maxima = (line: Line) => line.map(({ x, max }) => `${toX(x)},${toY(max)}`);
	const floor = (line: Line) => [line.at(-1)!, line[0]!].map(({ x }) => `${toX(x)},${toY(bottom)}`);
	const { colour, lines } = panel;
	return [
		...marks.map((mark) => gridLine(box, toY(mark), mark)),
		`<text x="${box.x}" y="${(box.y - 9).toFixed(1)}" font-weight="600" fill="${colour}">${panel.title} <tspan font-weight="400" fill="#64748b">(${panel.unit})${averageText(panel)}</tspan></text>`,
		...lines.map((line) => shade([...means(line), ...floor(line)], colour, 0.1)),
		...(panel.peaks ? lines : []).map((line) =>
			shade([...maxima(line), ...means(line).reverse()], colour, 0.18),
		),
		...lines.map((line) => curve(means(line), colour)),
		averageLine(panel, box, toY, bottom, top),
		...cut.map(({ x }) => cutMark(toX(x), box.y, colour)),
		cutText(cut, heights, box, panel),
	].join('\n');
}

function shade(points: readonly string[], colour: string, opacity: number): string {
	return `<polygon points="${points.join(' ')}" fill="${colour}" fill-opacity="${opacity}"/>`;
}

/** A single point is a line of no length, which round ends make a dot. */
function curve(points: readonly string[], colour: string): string {
	const [path, width] =
		points.length === 1 ? [`${points[0]} ${points[0]}`, 6] : [points.join(' '), 1.8];
	return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round"/>`;
}

function gridLine(box: Box, y: string, mark: number): string {
	return `<path d="M${box.x} ${y}h${box.width}" stroke="#e2e8f0"/><text x="${box.x - 10}" y="${y}" dy="4" text-anchor="end" font-size="12" fill="#64748b">${mark}</text>`;
}

function averageLine(
	{ average, colour }: Panel,
	box: Box,
	toY: (value: number) => string,
	bottom: number,
	top: number,
): string {
	if (average === null || average < bottom || average > top) return '';
	const y = toY(average);
	return `<path d="M${box.x} ${y}h${box.width}" stroke="${colour}" stroke-dasharray="6 5" stroke-opacity="0.7"/>`;
}

/** Beside the title: in the plot it would cover the curve. */
function averageText({ average }: Panel): string {
	return average === null ? '' : `  ·  average ${Math.round(average)}`;
}

function cutMark(x: string, y: number, colour: string): string {
	return `<path d="M${x} ${y - 7}l4 7h-8z" fill="${colour}"/>`;
}

function cutText(
	cut: readonly unknown[],
	heights: readonly number[],
	box: Box,
	{ unit }: Panel,
): string {
	if (cut.length === 0) return '';
	const highest = Math.round(heights.reduce((most, height) => Math.max(most, height), 0));
	return `<text x="${box.x + box.width}" y="${(box.y - 9).toFixed(1)}" text-anchor="end" font-size="12" fill="#64748b">cut at the top: up to ${highest} ${unit}</text>`;
}

function timeAxis(box: Box, seconds: number): string {
	const y = box.y + box.height;
	const inHours = seconds >= 3600;
	const marks = timeTicks(seconds).map((second) => {
		const x = (box.x + (second / seconds) * box.width).toFixed(1);
		const label = inHours ? inSixties(second / 60) : inSixties(second);
		return `<path d="M${x} ${y}v6" stroke="#94a3b8"/><text x="${x}" y="${y + 21}" text-anchor="middle" font-size="12" fill="#64748b">${label}</text>`;
	});
	const title = `Time since the start (${inHours ? 'hours:minutes' : 'minutes:seconds'})`;
	return [
		...marks,
		`<text x="${box.x + box.width / 2}" y="${y + 43}" text-anchor="middle" font-size="12" fill="#64748b">${title}</text>`,
	].join('\n');
}

/** Minutes as hours and minutes, or seconds as minutes and seconds: the axis says which. */
function inSixties(count: number): string {
	const whole = Math.round(count);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
