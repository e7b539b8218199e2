/**
 * The container of Garmin's FIT protocol: a header, messages of typed fields, and a checksum.
 *
 * @see https://developer.garmin.com/fit/protocol/
 */

/** How a field is stored; `invalid` means "no value". */
const NUMBERS = {
	enum: { code: 0x00, size: 1, min: 0, invalid: 0xff },
	uint8: { code: 0x02, size: 1, min: 0, invalid: 0xff },
	uint16: { code: 0x84, size: 2, min: 0, invalid: 0xffff },
	sint32: { code: 0x85, size: 4, min: -0x80000000, invalid: 0x7fffffff },
	uint32: { code: 0x86, size: 4, min: 0, invalid: 0xffffffff },
} as const;

const TEXT_CODE = 0x07;

/** A size is one byte, and a string ends with a zero byte. */
const MAX_TEXT_BYTES = 254;

/** Number of the field, how it is stored, and the factor to multiply a value by before storing it. */
type Field = readonly [number: number, type: keyof typeof NUMBERS | 'text', scale?: number];

export interface Layout {
	/** Garmin's number of the message. */
	number: number;
	fields: Readonly<Record<string, Field>>;
}

export type Value = number | string | null;

const HEADER_BYTES = 14;

/** Protocol 1.0, which every reader knows, and version 21.00 of the list of messages. */
const PROTOCOL_VERSION = 0x10;
const PROFILE_VERSION = 2100;

/** Collects messages, and returns them as a file. */
export class FitFile<Name extends string> {
	private readonly chunks: Buffer[] = [];

	private readonly defined = new Map<Name, string>();

	/** @param layouts no more than 16 */
	constructor(private readonly layouts: Readonly<Record<Name, Layout>>) {}

	/**
	 * Adds a message. A number that its field cannot store is written as "no value".
	 *
	 * @param values by the names of the layout
	 */
	add(name: Name, values: Readonly<Record<string, Value>>): void {
		const { fields } = this.layouts[name];
		const texts = new Map<string, Buffer>();
		let length = 1;
		for (const field in values) {
			const [, type] = fields[field]!;
			if (type === 'text') texts.set(field, textBytes(values[field]!));
			length += type === 'text' ? texts.get(field)!.length : NUMBERS[type].size;
		}
		const local = this.define(name, Object.keys(values), texts);
		const message = Buffer.allocUnsafe(length);
		let at = message.writeUInt8(local, 0);
		for (const field in values) {
			const text = texts.get(field);
			at = text
				? at + text.copy(message, at)
				: writeNumber(message, at, fields[field]!, values[field]!);
		}
		this.chunks.push(message);
	}

	/** Writes a message's definition before its first use, and again when the fields change. */
	private define(name: Name, names: string[], texts: Map<string, Buffer>): number {
		const { number, fields } = this.layouts[name];
		const local = Object.keys(this.layouts).indexOf(name);
		const sizes = names.map((field) => texts.get(field)?.length ?? 0);
		const definition = `${names.join()} ${sizes.join()}`;
		if (this.defined.get(name) === definition) return local;
		this.defined.set(name, definition);
		const head = Buffer.from([0x40 | local, 0, 0, 0, 0, names.length]);
		head.writeUInt16LE(number, 3);
		const described = names.map((field, index) => {
			const [id, type] = fields[field]!;
			return type === 'text'
				? [id, sizes[index]!, TEXT_CODE]
				: [id, NUMBERS[type].size, NUMBERS[type].code];
		});
		this.chunks.push(head, Buffer.from(described.flat()));
		return local;
	}

	toBuffer(): Buffer {
		const data = Buffer.concat(this.chunks);
		const header = Buffer.alloc(HEADER_BYTES);
		header.writeUInt8(HEADER_BYTES, 0);
		header.writeUInt8(PROTOCOL_VERSION, 1);
		header.writeUInt16LE(PROFILE_VERSION, 2);
		header.writeUInt32LE(data.length, 4);
		header.write('.FIT', 8, 'ascii');
		header.writeUInt16LE(checksum(header.subarray(0, 12)), 12);
		const content = Buffer.concat([header, data, Buffer.alloc(2)]);
		content.writeUInt16LE(checksum(content.subarray(0, -2)), content.length - 2);
		return content;
	}
}

/** @returns where the next field begins */
function writeNumber(message: Buffer, at: number, field: Field, value: Value): number {
	const [, type, scale = 1] = field;
	const { size, min, invalid } = NUMBERS[type as keyof typeof NUMBERS];
	const number = typeof value === 'number' ? Math.round(value * scale) : NaN;
	const stored = number >= min && number < invalid ? number : invalid;
	return type === 'sint32'
		? message.writeInt32LE(stored, at)
		: message.writeUIntLE(stored, at, size);
}

function textBytes(value: Value): Buffer {
	const bytes = Buffer.from(String(value ?? '').replaceAll('\0', ''));
	let end = Math.min(bytes.length, MAX_TEXT_BYTES);
	// Never cut inside a character: its later bytes begin with the bits 10.
	while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
	return Buffer.concat([bytes.subarray(0, end), Buffer.alloc(1)]);
}

const CHECKSUMS = Uint16Array.from({ length: 256 }, (_, byte) => {
	let crc = byte;
	for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
	return crc;
});

/** CRC-16 as the protocol defines it. */
function checksum(bytes: Buffer): number {
	let crc = 0;
	for (const byte of bytes) crc = (crc >>> 8) ^ CHECKSUMS[(crc ^ byte) & 0xff]!;
	return crc;
}
