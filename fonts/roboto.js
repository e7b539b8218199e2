/**
 * Writes the letters of the pictures: the outlines of Roboto as a table that the package can read without a library.
 * See docs/decisions/0010-letters-from-a-font.md.
 */
const { readFile, rename, writeFile } = require('node:fs/promises');
const { dirname, join } = require('node:path');
const { kerningOf } = require('./kerning');
const { advanceOf, glyphIndexes, outlineOf, unitsPerEm } = require('./outlines');
const { tablesOf } = require('./woff');

/** Fine enough for a letter of 100 pixels. */
const UNITS = 256;

/** With degree, middle dot and ellipsis. */
const LABELS = [
	[0x20, 0x7e],
	[0xb0, 0xb0],
	[0xb7, 0xb7],
	[0x2026, 0x2026],
];

/** Latin with its accents, Romanian, punctuation and a few signs. */
const LATIN = [
	[0x20, 0x7e],
	[0xa0, 0x17f],
	[0x218, 0x21b],
	[0x2010, 0x2026],
	[0x2030, 0x203a],
	[0x20ac, 0x20ac],
	[0x2122, 0x2122],
	[0x2212, 0x2212],
	[0x2248, 0x2248],
	[0x2264, 0x2265],
];

/** Cyrillic, with the Ukrainian letters. */
const CYRILLIC = [
	[0x400, 0x45f],
	[0x490, 0x491],
];

/** Labels and units are plain English; what athletes write, titles and names of zones, is bold. */
const WEIGHTS = {
	regular: { name: 'Roboto-Regular.woff', ranges: LABELS },
	bold: { name: 'Roboto-Medium.woff', ranges: [...LATIN, ...CYRILLIC] },
};

/** Letters whose distance is told; one with an accent stands as the letter does. */
const KERNED = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,:;-–’\'"'];
const LEAST_KERNING = 4;

const NOTICE = `/*!
 * Outlines of Roboto, Copyright Google, licensed under the Apache License, Version 2.0: see roboto.LICENSE.txt beside
 * this file. Modified: a subset, its curves rounded to ${UNITS} units and written as text. Generated, do not edit.
 */
`;

const source = dirname(require.resolve('roboto-fontface/package.json'));

exports.licence = join(source, 'LICENSE');

/** Writes the table as a CommonJS module. */
exports.writeRoboto = async (file) => {
	const entries = await Promise.all(
		Object.entries(WEIGHTS).map(async ([weight, { name, ranges }]) => {
			const tables = tablesOf(await readFile(join(source, 'fonts/roboto', name)));
			return `exports.${weight} = ${JSON.stringify(readFont(tables, ranges))};\n`;
		}),
	);
	// In one step: tests may be reading it.
	await writeFile(`${file}.${process.pid}`, [NOTICE, ...entries].join(''));
	await rename(`${file}.${process.pid}`, file);
};

/** `glyphs`: character to `advance outline`. `kerning`: left character to units to the right characters. */
function readFont(tables, ranges) {
	const scale = UNITS / unitsPerEm(tables);
	const indexes = glyphIndexes(tables);
	const codes = ranges
		.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
		.filter((code) => indexes.has(code));
	// Parts that are no letter themselves, such as the accents for capitals, get names nobody can type.
	const names = new Map();
	for (const code of codes) {
		if (!names.has(indexes.get(code))) names.set(indexes.get(code), String.fromCodePoint(code));
	}
	const glyphs = {};
	const add = (name, glyph) => {
		if (glyphs[name] !== undefined) return;
		const { contours, parts = [] } = outlineOf(tables, glyph);
		glyphs[name] = '';
		const outline = contours
			? contoursText(contours, scale)
			: parts.map((part) => partText(part, nameOf(part.glyph), scale)).join('');
		glyphs[name] = `${Math.round(advanceOf(tables, glyph) * scale)}${outline}`;
	};
	const nameOf = (glyph) => {
		const name = names.get(glyph) ?? String.fromCodePoint(0xe000 + glyph);
		add(name, glyph);
		return name;
	};
	for (const code of codes) add(String.fromCodePoint(code), indexes.get(code));
	return { glyphs, kerning: kerningText(kerningOf(tables), indexes, scale) };
}

/** `m` begins a contour, `l` is a point on the curve, `q` one that pulls it; each relative to the one before. */
function contoursText(contours, scale) {
	let [x, y] = [0, 0];
	return contours
		.map((points) => {
			const first = Math.max(
				0,
				points.findIndex(({ on }) => on),
			);
			return [...points.slice(first), ...points.slice(0, first)]
				.map((point, index) => {
					const [toX, toY] = [Math.round(point.x * scale), Math.round(point.y * scale)];
					const step = pair(toX - x, toY - y);
					[x, y] = [toX, toY];
					return `${index === 0 ? 'm' : point.on ? 'l' : 'q'}${step}`;
				})
				.join('');
		})
		.join('');
}

/** `@` and the character that is part of this one, moved. */
const partText = ({ x, y }, name, scale) =>
	`@${name}${pair(Math.round(x * scale), Math.round(y * scale))}`;

const pair = (x, y) => (y < 0 ? `${x}${y}` : `${x} ${y}`);

function kerningText(kerning, indexes, scale) {
	const table = {};
	for (const left of KERNED) {
		for (const right of KERNED) {
			const glyphs = [left, right].map((letter) => indexes.get(letter.codePointAt(0)));
			const units = Math.round(kerning(...glyphs) * scale);
			if (Math.abs(units) < LEAST_KERNING) continue;
			table[left] ??= {};
			table[left][units] = (table[left][units] ?? '') + right;
		}
	}
	return table;
}
