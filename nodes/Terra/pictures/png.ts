import { Canvas } from './canvas';
import { fill } from './fill';
import { outlinesOf, widthOf } from './font';
import type { Element, Scene, Text } from './scene';
import { stroke } from './stroke';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const BITS = 8;
const RGB = 2;

/** A scene as a PNG file. */
export async function toPng(scene: Scene): Promise<Uint8Array> {
	const { width, height, pixels } = draw(scene);
	const rows = new Uint8Array((width * 3 + 1) * height);
	for (let y = 0; y < height; y++) {
		// Each row begins with its filter: none, since on these pictures the others make larger files.
		rows.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
	}
	const header = new Uint8Array(13);
	const view = new DataView(header.buffer);
	view.setUint32(0, width);
	view.setUint32(4, height);
	header.set([BITS, RGB], 8);
	return Buffer.concat([
		Uint8Array.from(SIGNATURE),
		chunk('IHDR', header),
		chunk('IDAT', await deflated(rows)),
		chunk('IEND', new Uint8Array(0)),
	]);
}

function draw(scene: Scene): Canvas {
	const canvas = new Canvas(scene.width, scene.height, scene.background);
	for (const element of scene.elements) drawElement(canvas, element);
	return canvas;
}

function drawElement(canvas: Canvas, element: Element): void {
	switch (element.kind) {
		case 'area':
			fill(canvas, [element.points], element.colour, element.opacity, element.fade);
			break;
		case 'line':
			stroke(canvas, element);
			break;
		case 'text':
			fill(canvas, outlinesOf(element.text, startOf(element), element.y, element), element.colour);
			break;
	}
}

function startOf(element: Text): number {
	const { x, text, anchor } = element;
	if (anchor === 'middle') return x - widthOf(text, element) / 2;
	return anchor === 'end' ? x - widthOf(text, element) : x;
}

/** A community node may not import `node:zlib`. */
async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
	const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
	return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Length, name, content and a checksum over name and content. */
function chunk(name: string, content: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(content.length + 12);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, content.length);
	bytes.set(Buffer.from(name, 'latin1'), 4);
	bytes.set(content, 8);
	view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
	return bytes;
}

const POLYNOMIAL = 0xedb88320;

const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
	let remainder = byte;
	for (let bit = 0; bit < 8; bit++) {
		remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
	}
	return remainder;
});

function crc32(bytes: Uint8Array): number {
	let sum = 0xffffffff;
	for (const byte of bytes) sum = REMAINDERS[(sum ^ byte) & 255]! ^ (sum >>> 8);
	return (sum ^ 0xffffffff) >>> 0;
}
