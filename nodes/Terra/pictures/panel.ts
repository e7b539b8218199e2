import { highestShown, ticks, timeTicks, type Line as Samples } from './series';
import { disc, tenth, type Box, type Element, type Text } from './scene';
import { widthOf } from './font';
import type { Theme } from './theme';

/** One sensor's share of the chart. */
export interface Panel {
	title: string;
	unit: string;
	colour: string;
	lines: Samples[];
	/** Marked with a dashed line. */
	average: number | null;
	/** Zero is meaningful for power, not for heart rate and elevation. */
	fromZero: boolean;
	/** Power varies so much that its peaks deserve a shade above the mean. */
	peaks: boolean;
	/** Its share of the height. */
	weight: number;
}

const GAP = 50;
const LABEL = 15;
const TITLE = 17;
/** How many fit next to the plot. */
const DIGITS = 9;

/** Panels one above the other, and the time axis below them. */
export function panelElements(
	panels: readonly Panel[],
	box: Box,
	seconds: number,
	theme: Theme,
): Element[] {
	const weights = panels.reduce((sum, { weight }) => sum + weight, 0);
	const room = box.height - GAP * (panels.length - 1);
	let y = box.y;
	const elements = panels.flatMap((panel) => {
		const height = (room * panel.weight) / weights;
		const drawn = panelIn(panel, { ...box, y, height }, seconds, theme);
		y += height + GAP;
		return drawn;
	});
	return [...elements, ...timeAxis(box, seconds, theme)];
}

function panelIn(panel: Panel, box: Box, seconds: number, theme: Theme): Element[] {
	const { colour, lines, average } = panel;
	const points = lines.flat();
	const heightOf = ({ mean, max }: { mean: number; max: number }) => (panel.peaks ? max : mean);
	const heights = points.map(heightOf);
	const low = points.reduce((min, { mean }) => Math.min(min, mean), Infinity);
	const from = panel.fromZero ? Math.min(0, low) : low;
	const high = highestShown(heights, from);
	const marks = ticks(from, Math.max(high, from + 1), box.height > 200 ? 5 : 3);
	const [bottom, top] = [marks[0]!, marks.at(-1)!];
	const toX = (x: number) => tenth(box.x + (x / seconds) * box.width);
	const toY = (value: number) =>
		tenth(box.y + box.height - ((Math.min(value, top) - bottom) / (top - bottom)) * box.height);
	const means = (line: Samples) => line.flatMap(({ x, mean }) => [toX(x), toY(mean)]);
	const cut = points.filter((point) => heightOf(point) > top);
	const isShown = average !== null && average >= bottom && average <= top;
	return [
		...marks.flatMap((mark) => gridLine(box, toY(mark), mark, theme)),
		...panelTitle(panel, box, cut.length > 0 ? Math.max(...heights) : null, theme),
		...lines.map((line): Element => {
			const floor = [toX(line.at(-1)!.x), toY(bottom), toX(line[0]!.x), toY(bottom)];
			const fade = { from: box.y, to: box.y + box.height, opacity: 0.04 };
			return { kind: 'area', points: [...means(line), ...floor], colour, opacity: 0.3, fade };
		}),
		...(panel.peaks ? lines : []).map((line): Element => {
			const back = line.toReversed().flatMap(({ x, mean }) => [toX(x), toY(mean)]);
			const maxima = line.flatMap(({ x, max }) => [toX(x), toY(max)]);
			return { kind: 'area', points: [...maxima, ...back], colour, opacity: 0.18 };
		}),
		...lines.map((line) => curve(means(line), colour)),
		...(isShown ? [averageLine(box, toY(average), colour)] : []),
		...cut.map(({ x }) => cutMark(toX(x), box.y, colour)),
	];
}

/** A single point is a dot. */
function curve(points: number[], colour: string): Element {
	if (points.length === 2) return disc(points[0]!, points[1]!, 3, colour);
	return { kind: 'line', points, colour, width: 2 };
}

function gridLine({ x, width }: Box, y: number, mark: number, { faint, muted }: Theme): Element[] {
	return [
		{ kind: 'line', points: [x, y, x + width, y], colour: faint, width: 1, butt: true },
		label({
			x: x - 12,
			y: y + 5,
			text: String(Number(mark.toPrecision(DIGITS))),
			anchor: 'end',
			colour: muted,
		}),
	];
}

function averageLine({ x, width }: Box, y: number, colour: string): Element {
	const points = [x, y, x + width, y];
	return { kind: 'line', points, colour, width: 1, opacity: 0.7, butt: true, dash: [6, 5] };
}

/** The average is next to the title: in the plot it would cover the curve. */
function panelTitle(panel: Panel, box: Box, cutAt: number | null, theme: Theme): Element[] {
	const { title, unit, average, colour } = panel;
	const y = box.y - 14;
	const name: Text = { kind: 'text', x: box.x, y, text: title, size: TITLE, colour, bold: true };
	const note = average === null ? unit : `${unit} · average ${Math.round(average)}`;
	const beside = tenth(box.x + widthOf(title, name) + 8);
	const end = box.x + box.width;
	const elements = [name, label({ x: beside, y, text: note, colour: theme.muted })];
	if (cutAt === null) return elements;
	const text = `cut at the top: up to ${Math.round(cutAt)} ${unit}`;
	return [...elements, label({ x: end, y, text, anchor: 'end', colour: theme.muted })];
}

/** A small triangle above the panel. */
function cutMark(x: number, y: number, colour: string): Element {
	return { kind: 'area', points: [x, y - 8, x + 5, y, x - 5, y], colour };
}

function timeAxis(box: Box, seconds: number, { muted, faint }: Theme): Element[] {
	const y = box.y + box.height;
	const inHours = seconds >= 3600;
	const marks = timeTicks(seconds).flatMap((second): Element[] => {
		const x = tenth(box.x + (second / seconds) * box.width);
		const text = inHours ? inSixties(second / 60) : inSixties(second);
		return [
			{ kind: 'line', points: [x, y, x, y + 6], colour: faint, width: 1, butt: true },
			label({ x, y: y + 25, text, anchor: 'middle', colour: muted }),
		];
	});
	const text = `Time since the start (${inHours ? 'hours:minutes' : 'minutes:seconds'})`;
	const x = box.x + box.width / 2;
	return [...marks, label({ x, y: y + 50, text, anchor: 'middle', colour: muted })];
}

function label(text: Omit<Text, 'kind' | 'size'>): Text {
	return { kind: 'text', size: LABEL, ...text };
}

/** Minutes as hours and minutes, or seconds as minutes and seconds: the axis says which. */
function inSixties(count: number): string {
	const whole = Math.round(count);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
