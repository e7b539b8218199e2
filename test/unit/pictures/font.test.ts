import { drawable, fitted, widthOf, wrapped } from '../../../nodes/Terra/pictures/font';

const style = { size: 40, bold: true };

it.each([
	['Žiga’s 5 × 4 min – Über-unders', 'Žiga’s 5 × 4 min – Über-unders'],
	['Тур вокруг озера', 'Тур вокруг озера'],
	['Vòng quanh Hồ Tây', 'Vòng quanh Ho Tây'],
	['Commute 🚴‍♂️🔥🇨🇭 home', 'Commute home'],
	['東京 to 横浜', '… to …'],
	['朝のライド 2026', ''],
	['🚴🚴', ''],
	['50', '50'],
	['a\u0000\n\tb', 'a b'],
	['Z\u030Curich', 'Žurich'],
	['', ''],
])('draws %j as %j', (text, drawn) => {
	expect(drawable(text, style)).toBe(drawn);
});

it('measures letters, with kerning', () => {
	expect(widthOf('', style)).toBe(0);
	expect(widthOf('MM', style)).toBeCloseTo(2 * widthOf('M', style));
	expect(widthOf('AV', style)).toBeLessThan(widthOf('A', style) + widthOf('V', style) - 1);
	expect(widthOf('ÁV', style)).toBeCloseTo(widthOf('AV', style));
	expect(widthOf('É', style)).toBeCloseTo(widthOf('E', style));
});

it('shortens only text that does not fit', () => {
	expect(fitted('Short', style, 500)).toBe('Short');
	const cut = fitted('Much too long for a place like this', style, 200);
	expect(cut).toMatch(/^Much.*[^ ]…$/);
	expect(widthOf(cut, style)).toBeLessThanOrEqual(200);
});

it('breaks lines between words', () => {
	const text = 'Over all the hills from Freiburg to Basel and back by train';
	const lines = wrapped(text, style, 500, 2);
	expect(lines).toHaveLength(2);
	expect(text.startsWith(lines[0]!)).toBe(true);
	expect(lines[1]).toMatch(/…$/);
	for (const line of lines) expect(widthOf(line, style)).toBeLessThanOrEqual(500);
	expect(wrapped('Unbreakable'.repeat(9), style, 500, 2)).toHaveLength(1);
});
