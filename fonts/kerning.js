const PAIRS = 2;
const EXTENSION = 9;

/**
 * How much closer two glyphs stand, as `(left, right) => units`, from the pairs of the font's `kern` feature.
 * https://learn.microsoft.com/typography/opentype/spec/gpos
 */
exports.kerningOf = ({ GPOS: table }) => {
	const features = table.subarray(table.readUInt16BE(6));
	const lookups = table.subarray(table.readUInt16BE(8));
	const used = new Set();
	for (let index = 0; index < features.readUInt16BE(0); index++) {
		if (features.toString('latin1', 2 + 6 * index, 6 + 6 * index) !== 'kern') continue;
		const feature = features.subarray(features.readUInt16BE(6 + 6 * index));
		for (const lookup of shorts(feature, 4, feature.readUInt16BE(2))) used.add(lookup);
	}
	const subtables = [...used].flatMap((index) =>
		subtablesOf(lookups.subarray(lookups.readUInt16BE(2 + 2 * index))).map(readPairs),
	);
	return (left, right) => {
		for (const find of subtables) {
			const value = find(left, right);
			if (value !== undefined) return value;
		}
		return 0;
	};
};

const shorts = (data, at, count) =>
	Array.from({ length: count }, (_, index) => data.readUInt16BE(at + 2 * index));

function subtablesOf(lookup) {
	const type = lookup.readUInt16BE(0);
	return shorts(lookup, 6, lookup.readUInt16BE(4)).flatMap((offset) => {
		const subtable = lookup.subarray(offset);
		if (type !== EXTENSION) return type === PAIRS ? [subtable] : [];
		return subtable.readUInt16BE(2) === PAIRS ? [subtable.subarray(subtable.readUInt32BE(4))] : [];
	});
}

function readPairs(table) {
	const covered = coverageOf(table.subarray(table.readUInt16BE(2)));
	const [format, first, second] = [0, 4, 6].map((at) => table.readUInt16BE(at));
	const size = 2 * (bits(first) + bits(second));
	const advance = 2 * bits(first & 3);
	const valueAt = (data, at) => (first & 4 ? data.readInt16BE(at + advance) : 0);
	if (format === 1) {
		return (left, right) => {
			if (!covered.has(left)) return undefined;
			const set = table.subarray(table.readUInt16BE(10 + 2 * covered.get(left)));
			for (let index = 0; index < set.readUInt16BE(0); index++) {
				const at = 2 + index * (2 + size);
				if (set.readUInt16BE(at) === right) return valueAt(set, at + 2);
			}
			return undefined;
		};
	}
	const [classes1, classes2] = [8, 10].map((at) =>
		classesOf(table.subarray(table.readUInt16BE(at))),
	);
	const columns = table.readUInt16BE(14);
	return (left, right) => {
		if (!covered.has(left)) return undefined;
		const cell = (classes1.get(left) ?? 0) * columns + (classes2.get(right) ?? 0);
		return valueAt(table, 16 + cell * size);
	};
}

const bits = (mask) => mask.toString(2).replaceAll('0', '').length;

/** Glyph to its place in the coverage. */
function coverageOf(table) {
	const [format, count] = shorts(table, 0, 2);
	if (format === 1) return new Map(shorts(table, 4, count).map((glyph, place) => [glyph, place]));
	return ranges(table, 4, count, (glyph, start, place) => place + glyph - start);
}

function classesOf(table) {
	if (table.readUInt16BE(0) === 2) {
		return ranges(table, 4, table.readUInt16BE(2), (_glyph, _start, which) => which);
	}
	const start = table.readUInt16BE(2);
	const classes = shorts(table, 6, table.readUInt16BE(4));
	return new Map(classes.map((which, index) => [start + index, which]));
}

function ranges(table, at, count, valueOf) {
	const values = new Map();
	for (let index = 0; index < count; index++) {
		const [start, end, third] = shorts(table, at + 6 * index, 3);
		for (let glyph = start; glyph <= end; glyph++) values.set(glyph, valueOf(glyph, start, third));
	}
	return values;
}
