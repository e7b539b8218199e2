/** Glyph indexes by code point, from the subtable for the Basic Multilingual Plane (format 4). */
exports.glyphIndexes = ({ cmap }) => {
	const subtables = Array.from({ length: cmap.readUInt16BE(2) }, (_, which) =>
		cmap.subarray(cmap.readUInt32BE(4 + which * 8 + 4)),
	);
	const table = subtables.find((subtable) => subtable.readUInt16BE(0) === 4);
	const bytes = table.readUInt16BE(6);
	const indexes = new Map();
	for (let segment = 0; segment < bytes; segment += 2) {
		const end = table.readUInt16BE(14 + segment);
		const start = table.readUInt16BE(16 + bytes + segment);
		const delta = table.readUInt16BE(16 + 2 * bytes + segment);
		const rangeAt = 16 + 3 * bytes + segment;
		const range = table.readUInt16BE(rangeAt);
		for (let code = start; code <= end && code < 0xffff; code++) {
			const found = range === 0 ? code : table.readUInt16BE(rangeAt + range + 2 * (code - start));
			if (found !== 0) indexes.set(code, (found + delta) & 0xffff);
		}
	}
	return indexes;
};

exports.unitsPerEm = ({ head }) => head.readUInt16BE(18);

/** How far the pen moves after a glyph. */
exports.advanceOf = ({ hhea, hmtx }, glyph) =>
	hmtx.readUInt16BE(4 * Math.min(glyph, hhea.readUInt16BE(34) - 1));

/** `contours` of points `{ x, y, on }`, or the `parts` `{ glyph, x, y }` that a letter with an accent is made of. */
const outlineOf = (exports.outlineOf = (tables, glyph) => {
	const { glyf, loca, head } = tables;
	const isLong = head.readInt16BE(50) === 1;
	const at = (index) => (isLong ? loca.readUInt32BE(index * 4) : 2 * loca.readUInt16BE(index * 2));
	if (at(glyph) === at(glyph + 1)) return { contours: [] };
	const data = glyf.subarray(at(glyph), at(glyph + 1));
	const count = data.readInt16BE(0);
	if (count >= 0) return { contours: contoursOf(data, count) };
	const parts = partsOf(data);
	if (parts.every(({ scale }) => scale === undefined)) return { parts };
	return { contours: parts.flatMap((part) => placed(outlineOf(tables, part.glyph), part)) };
});

/** A dash is a hyphen that is made longer. */
function placed({ contours }, { x, y, scale: [xx, xy, yx, yy] = [1, 0, 0, 1] }) {
	return contours.map((points) =>
		points.map((point) => ({
			x: xx * point.x + yx * point.y + x,
			y: xy * point.x + yy * point.y + y,
			on: point.on,
		})),
	);
}

function contoursOf(data, count) {
	const ends = Array.from({ length: count }, (_, index) => data.readUInt16BE(10 + 2 * index));
	const length = ends.at(-1) + 1;
	let at = 10 + 2 * count;
	at += 2 + data.readUInt16BE(at);
	const flags = [];
	while (flags.length < length) {
		const flag = data[at++];
		const times = flag & 8 ? data[at++] + 1 : 1;
		for (let time = 0; time < times; time++) flags.push(flag);
	}
	const axis = (short, same) => {
		let value = 0;
		return flags.map((flag) => {
			if (flag & short) value += flag & same ? data[at++] : -data[at++];
			else if (!(flag & same)) [value, at] = [value + data.readInt16BE(at), at + 2];
			return value;
		});
	};
	const xs = axis(2, 16);
	const ys = axis(4, 32);
	const points = flags.map((flag, index) => ({ x: xs[index], y: ys[index], on: (flag & 1) === 1 }));
	return ends.map((end, index) => points.slice(index === 0 ? 0 : ends[index - 1] + 1, end + 1));
}

function partsOf(data) {
	const parts = [];
	let at = 10;
	let flags;
	do {
		flags = data.readUInt16BE(at);
		const glyph = data.readUInt16BE(at + 2);
		if (!(flags & 2))
			throw new Error(`Glyph ${glyph} is placed by its points, which is not supported`);
		const isWide = flags & 1;
		const [x, y] = isWide
			? [data.readInt16BE(at + 4), data.readInt16BE(at + 6)]
			: [data.readInt8(at + 4), data.readInt8(at + 5)];
		at += isWide ? 8 : 6;
		const scales = flags & 0x80 ? 4 : flags & 0x40 ? 2 : flags & 0x08 ? 1 : 0;
		const scale = Array.from(
			{ length: scales },
			(_, index) => data.readInt16BE(at + 2 * index) / 16384,
		);
		at += 2 * scales;
		parts.push({ glyph, x, y, ...(scales > 0 && { scale: matrix(scale) }) });
	} while (flags & 32);
	return parts;
}

function matrix(scale) {
	if (scale.length === 4) return scale;
	return [scale[0], 0, 0, scale.at(-1)];
}
