import { createHash } from 'node:crypto';

/** What is kept of one thing: a short fingerprint and a number, at a fixed width so that no parser is needed. */
const FINGERPRINT_BYTES = 6;
const FINGERPRINT_CHARS = 8;
const NUMBER_CHARS = 8;
const LARGEST_NUMBER = 36 ** NUMBER_CHARS - 1;
const ENTRY_CHARS = FINGERPRINT_CHARS + NUMBER_CHARS;

/**
 * A bounded list of things seen, each with a time in Unix milliseconds, that can be written down as one text.
 *
 * n8n keeps what a trigger remembers as JSON in the workflow's database row, which it reads several times on every
 * delivery and wraps in proxies object by object: one text is what costs least, and every kB of it costs.
 */
export class SeenList {
	private readonly times = new Map<string, number>();
	private written = '';

	/**
	 * @param capacity the oldest entries are forgotten beyond this number
	 * @param lifetimeMs entries whose time is longer ago than this are forgotten
	 * @param writtenDown so many of the latest entries are written down
	 */
	constructor(
		private readonly capacity: number,
		private readonly lifetimeMs: number,
		private readonly writtenDown = capacity,
	) {}

	timeOf(key: string): number | undefined {
		return this.times.get(fingerprint(key));
	}

	remember(key: string, time: number) {
		this.put(fingerprint(key), time);
		if (this.times.size > this.capacity) this.forgetOldest();
	}

	/** Adds what another process, or this one before a restart, wrote down. Unreadable text adds nothing. */
	read(text: unknown) {
		if (typeof text !== 'string' || text === this.written) return;
		this.written = text;
		for (let at = 0; at + ENTRY_CHARS <= text.length; at += ENTRY_CHARS) {
			const print = text.slice(at, at + FINGERPRINT_CHARS);
			const time = parseInt(text.slice(at + FINGERPRINT_CHARS, at + ENTRY_CHARS), 36);
			if (time > (this.times.get(print) ?? 0)) this.put(print, time);
		}
		while (this.times.size > this.capacity) this.forgetOldest();
	}

	/**
	 * @param now Unix milliseconds
	 * @param also what is to be written down as well, but not remembered yet
	 */
	write(now: number, also: Array<[key: string, time: number]> = []): string {
		const earliest = now - this.lifetimeMs;
		let skip = this.times.size - this.writtenDown;
		let text = '';
		for (const [print, time] of this.times) {
			if (time < earliest) this.times.delete(print);
			else if (skip <= 0) text += entry(print, time);
			skip--;
		}
		for (const [key, time] of also) text += entry(fingerprint(key), time);
		this.written = text;
		return text;
	}

	private put(print: string, time: number) {
		// Deleted first, so that the map stays in the order in which things were last seen.
		this.times.delete(print);
		this.times.set(print, time);
	}

	private forgetOldest() {
		const [oldest] = this.times.keys();
		if (oldest !== undefined) this.times.delete(oldest);
	}
}

function entry(print: string, time: number): string {
	return print + Math.min(time, LARGEST_NUMBER).toString(36).padStart(NUMBER_CHARS, '0');
}

/** 48 bits: a chance of 1 in 10^11 that a thing looks like one of some thousand others. */
function fingerprint(key: string): string {
	return createHash('sha256')
		.update(key)
		.digest()
		.subarray(0, FINGERPRINT_BYTES)
		.toString('base64url');
}
