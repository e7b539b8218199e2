import { toPng } from '../../../nodes/Terra/pictures';
import type { Element, Line } from '../../../nodes/Terra/pictures/scene';
import { decodePng } from '../../support/png';

/** How dark each pixel is: 0 is the background, 1 is black. */
async function draw(elements: Element[], size = 40) {
	const png = await toPng({
		width: size,
		height: size,
		background: '#ffffff',
		title: '',
		elements,
	});
	const { at } = decodePng(png);
	const ink = (x: number, y: number) => 1 - at(x, y)[0] / 255;
	const all = Array.from({ length: size * size }, (_, i) => ink(i % size, Math.floor(i / size)));
	return { at, ink, area: all.reduce((sum, one) => sum + one, 0) };
}

const black = { colour: '#000000' };
const rectangle = (x: number, y: number, right: number, bottom: number): Element => ({
	kind: 'area',
	points: [x, y, right, y, right, bottom, x, bottom],
	...black,
});

it('fills exactly the inside, and half of a pixel that is half inside', async () => {
	const { ink } = await draw([rectangle(5, 5.5, 10, 12)]);
	expect([ink(4, 8), ink(5, 8), ink(9, 8), ink(10, 8)]).toEqual([0, 1, 1, 0]);
	expect(ink(7, 5)).toBeCloseTo(0.5, 1);
	expect([ink(7, 4), ink(7, 11), ink(7, 12)]).toEqual([0, 1, 0]);
});

it('fills a shape drawn in either direction', async () => {
	const triangle = [3, 4, 36, 11, 17, 35];
	const area = Math.abs((36 - 3) * (35 - 4) - (17 - 3) * (11 - 4)) / 2;
	const backwards = [17, 35, 36, 11, 3, 4];
	for (const points of [triangle, backwards]) {
		const drawn = await draw([{ kind: 'area', points, ...black }]);
		expect(drawn.area / area).toBeCloseTo(1, 1);
	}
});

it('draws lines with the right width, with or without round ends', async () => {
	const line: Line = { kind: 'line', points: [10, 20, 30, 20], width: 6, ...black };
	const round = await draw([line]);
	const butt = await draw([{ ...line, butt: true }]);
	expect(butt.area).toBeCloseTo(120, -1);
	expect(round.area - butt.area).toBeCloseTo(Math.PI * 9, -1);
	expect(butt.ink(8, 20)).toBe(0);
	expect(round.ink(8, 20)).toBe(1);
});

it('covers a join only once, even if transparent', async () => {
	const points = [5, 20, 20, 20, 20, 5, 20, 20, 35, 20];
	const { ink } = await draw([{ kind: 'line', points, width: 6, opacity: 0.5, ...black }]);
	expect(ink(20, 20)).toBeCloseTo(0.5, 1);
	expect(ink(10, 20)).toBeCloseTo(0.5, 1);
});

it('draws dashes and leaves the gaps empty', async () => {
	const { ink } = await draw([
		{ kind: 'line', points: [4, 20, 36, 20], width: 4, dash: [8, 8], butt: true, ...black },
	]);
	expect([ink(6, 20), ink(15, 20), ink(22, 20), ink(31, 20)]).toEqual([1, 0, 1, 0]);
});

it('blends colours by their opacity, which may fade', async () => {
	const fade = { from: 0, to: 40, opacity: 0 };
	const area = { ...rectangle(0, 0, 40, 40), colour: '#ff0000', opacity: 1, fade } as Element;
	const { at } = await draw([area]);
	expect(at(20, 0)[1]).toBeLessThan(10);
	expect(at(20, 20)[1]).toBeCloseTo(128, -1);
	expect(at(20, 39)[1]).toBeGreaterThan(245);
});

it('draws letters: the stem of an I in the right place, and the hole of an O', async () => {
	const text = { kind: 'text', y: 34, size: 40, bold: true, anchor: 'middle', ...black } as const;
	const stem = await draw([{ ...text, x: 20, text: 'I' }]);
	expect([stem.ink(20, 20), stem.ink(8, 20), stem.ink(32, 20), stem.ink(20, 37)]).toEqual([
		1, 0, 0, 0,
	]);
	const ring = await draw([{ ...text, x: 20, text: 'O' }]);
	expect(ring.ink(20, 20)).toBe(0);
	expect(ring.ink(9, 20)).toBeGreaterThan(0.9);
});

it('clips what reaches beyond the edges', async () => {
	const { ink } = await draw([
		rectangle(-50, 10, 90, 20),
		{ kind: 'line', points: [20, -1000, 20, 1000], width: 4, ...black },
	]);
	expect([ink(0, 15), ink(39, 15), ink(20, 0), ink(20, 39), ink(5, 30)]).toEqual([1, 1, 1, 1, 0]);
});
