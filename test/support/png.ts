import { crc32, inflateSync } from 'node:zlib';

export interface Pixels {
	width: number;
	height: number;
	/** Red, green and blue of a pixel. */
	at(x: number, y: number): [number, number, number];
}

/**
 * Decodes a PNG of 8-bit RGB without filters and checks its checksums. Files cannot be compared: zlib differs by
 * version.
 */
export function decodePng(file: Uint8Array): Pixels {
	const bytes = Buffer.from(file);
	expect(bytes.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n');
	const chunks: Record<string, Buffer> = {};
	for (let at = 8; at < bytes.length;) {
		const length = bytes.readUInt32BE(at);
		const end = at + 8 + length;
		chunks[bytes.toString('latin1', at + 4, at + 8)] = bytes.subarray(at + 8, end);
		expect(bytes.readUInt32BE(end)).toBe(crc32(bytes.subarray(at + 4, end)));
		at = end + 4;
	}
	expect(Object.keys(chunks)).toEqual(['IHDR', 'IDAT', 'IEND']);
	const [width, height] = [0, 4].map((at) => chunks.IHDR!.readUInt32BE(at)) as [number, number];
	expect([...chunks.IHDR!.subarray(8)]).toEqual([8, 2, 0, 0, 0]);
	const rows = inflateSync(chunks.IDAT!);
	expect(rows).toHaveLength((width * 3 + 1) * height);
	return {
		width,
		height,
		at(x, y) {
			const row = y * (width * 3 + 1);
			expect(rows[row]).toBe(0);
			return [0, 1, 2].map((part) => rows[row + 1 + x * 3 + part]!) as [number, number, number];
		},
	};
}
