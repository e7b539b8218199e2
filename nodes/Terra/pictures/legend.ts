import type { Effort } from './effort';
import type { Element } from './scene';
import { heat, type Theme } from './theme';

const STEPS = 31;
/** Whole pixels per step: otherwise the background shows between the steps. */
const WIDTH = 11 * STEPS;
const SIZE = 20;

/** What the colours mean. */
export function legendElements(
	{ name, unit, low, high }: Effort,
	{ right, y }: { right: number; y: number },
	{ muted }: Theme,
): Element[] {
	const left = right - WIDTH;
	const step = WIDTH / STEPS;
	const bar = Array.from({ length: STEPS }, (_, index): Element => {
		const from = left + index * step;
		const to = from + step;
		return {
			kind: 'line',
			points: [from, y - 5, to, y - 5],
			colour: heat(index / (STEPS - 1)),
			width: 10,
			butt: true,
		};
	});
	const text = { kind: 'text', y: y + 32, size: SIZE, colour: muted } as const;
	return [
		...bar,
		{ ...text, x: left, text: `${low} ${unit}` },
		{ ...text, x: left + WIDTH / 2, text: name, anchor: 'middle' },
		{ ...text, x: right, text: `${high} ${unit}`, anchor: 'end' },
	];
}
