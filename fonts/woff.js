const { inflateSync } = require('node:zlib');

const HEADER_BYTES = 44;
const ENTRY_BYTES = 20;

/**
 * The tables of a font file in WOFF 1.0, by their four letters.
 * https://www.w3.org/TR/WOFF/
 */
exports.tablesOf = (file) => {
	const tables = {};
	for (let which = 0; which < file.readUInt16BE(12); which++) {
		const entry = HEADER_BYTES + which * ENTRY_BYTES;
		const [offset, packed, unpacked] = [4, 8, 12].map((at) => file.readUInt32BE(entry + at));
		const bytes = file.subarray(offset, offset + packed);
		tables[file.toString('latin1', entry, entry + 4)] =
			packed < unpacked ? inflateSync(bytes) : bytes;
	}
	return tables;
};
