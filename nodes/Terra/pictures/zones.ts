import type { Zone } from '../ride/ride';
import { durationText } from '../terra/times';
import { drawable, fitted, widthOf } from './font';
import { tenth, type Box, type Element } from './scene';
import type { Theme } from './theme';

const COLOURS = ['#94a3b8', '#38bdf8', '#22c55e', '#f59e0b', '#f97316', '#e11d48', '#9f1239'];

/** Bars for the time in each zone, the hardest at the top, below a title whose baseline is just above the box. */
export function zoneElements(
	zones: readonly Zone[],
	box: Box,
	theme: Theme,
	{ size, row: highest }: { size: number; row: number },
): Element[] {
	if (zones.length === 0) return [];
	const total = zones.reduce((sum, { seconds }) => sum + seconds, 0);
	const longest = zones.reduce((max, { seconds }) => Math.max(max, seconds), 0) || 1;
	// If there are more zones than colours, the easiest ones share a colour.
	const coloursFrom = Math.min(0, COLOURS.length - zones.length);
	const row = Math.min(highest, box.height / zones.length);
	const bar = Math.min(size * 1.3, row * 0.3);
	const text = Math.min(size, row * 0.4);
	const bars = zones.flatMap(({ name, seconds }, index): Element[] => {
		const y = tenth(box.y + (zones.length - 1 - index) * row + text + 4);
		const share = total > 0 ? ` · ${Math.round((seconds / total) * 100)} %` : '';
		const time = `${durationText(seconds) ?? ''}${share}`;
		const room = box.width - widthOf(time, { size: text }) - 12;
		const title = fitted(nameOf(name, index), { size: text, bold: true }, Math.max(40, room));
		const colour = COLOURS[Math.max(0, coloursFrom + index)]!;
		const right = box.x + box.width;
		return [
			{ kind: 'text', x: box.x, y, text: title, size: text, colour: theme.ink, bold: true },
			{ kind: 'text', x: right, y, text: time, size: text, colour: theme.muted, anchor: 'end' },
			barElement(box, y + text * 0.45, bar, 1, theme.faint),
			...(seconds > 0 ? [barElement(box, y + text * 0.45, bar, seconds / longest, colour)] : []),
		];
	});
	const title = 'Time in heart rate zones';
	return [
		{
			kind: 'text',
			x: box.x,
			y: box.y - 14,
			text: title,
			size: size * 1.1,
			colour: theme.ink,
			bold: true,
		},
		...bars,
	];
}

/** A partly drawn name says less than the zone's number. */
function nameOf(name: string, index: number): string {
	const drawn = drawable(name, { bold: true });
	return drawn === '' || drawn.includes('…') ? `Zone ${index + 1}` : drawn;
}

/** With round ends, which are part of its length. */
function barElement(
	{ x, width }: Box,
	top: number,
	height: number,
	share: number,
	colour: string,
): Element {
	const y = tenth(top + height / 2);
	const left = tenth(x + height / 2);
	const right = tenth(Math.max(left, x + width * share - height / 2));
	return { kind: 'line', points: [left, y, right, y], colour, width: tenth(height) };
}
