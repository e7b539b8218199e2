import { createHash } from 'node:crypto';
import { clock } from '../transport';

/** An entry is a short fingerprint and a number, both of fixed width, so that no parser is needed. */
const FINGERPRINT_BYTES = 6;
const FINGERPRINT_CHARS = 8;
const NUMBER_CHARS = 8;
const LARGEST_NUMBER = 36 ** NUMBER_CHARS - 1;
const ENTRY_CHARS = FINGERPRINT_CHARS + NUMBER_CHARS;

/**
 * A bounded list of things seen, each with a time in Unix milliseconds. Its latest entries can be written as one
 * string.
 *
 * n8n keeps what a trigger remembers as JSON in the workflow's database row, which it reads several times on every
 * delivery and wraps in proxies object by object: one string costs least, and every kB counts.
 */
export class SeenList {
	private readonly times = new Map<string, number>();
	/** The latest of them, kept separately so that writing need not go through them all. */
	private readonly latest = new Map<string, number>();
	private written = '';

	/**
	 * @param capacity the oldest entries are forgotten beyond this number
	 * @param lifetimeMs entries older than this are forgotten
	 * @param maxWritten how many of the latest entries are written
	 */
	constructor(
		private readonly capacity: number,
		private readonly lifetimeMs: number,
		private readonly maxWritten = capacity,
	) {}

	timeOf(key: string, now = clock.now()): number | undefined {
		const time = this.times.get(fingerprint(key));
		return time !== undefined && this.isAlive(time, now) ? time : undefined;
	}

	remember(key: string, time: number) {
		this.put(fingerprint(key), time);
	}

	/** Adds what another process, or this one before a restart, wrote. Unreadable text adds nothing. */
	read(text: unknown) {
		if (typeof text !== 'string' || text === this.written) return;
		this.written = text;
		for (let at = 0; at + ENTRY_CHARS <= text.length; at += ENTRY_CHARS) {
			const print = text.slice(at, at + FINGERPRINT_CHARS);
			const time = parseInt(text.slice(at + FINGERPRINT_CHARS, at + ENTRY_CHARS), 36);
			if (time > (this.times.get(print) ?? 0)) this.put(print, time);
		}
	}

	/**
	 * @param now Unix milliseconds
	 * @param also further entries to write, not remembered yet
	 */
	write(now: number, also: Array<[key: string, time: number]> = []): string {
		let text = '';
		for (const [print, time] of this.latest) {
			if (this.isAlive(time, now)) text += entry(print, time);
		}
		for (const [key, time] of also) text += entry(fingerprint(key), time);
		// One event can have thousands of records.
		text = text.slice(-this.maxWritten * ENTRY_CHARS);
		this.written = text;
		return text;
	}

	private isAlive(time: number, now: number): boolean {
		return time >= now - this.lifetimeMs;
	}

	private put(print: string, time: number) {
		putLast(this.times, print, time, this.capacity);
		putLast(this.latest, print, time, this.maxWritten);
	}
}

/** Sets a key, keeping the map in the order in which its keys were last set, and no larger than its capacity. */
export function putLast<T>(map: Map<string, T>, key: string, value: T, capacity: number): void {
	map.delete(key);
	map.set(key, value);
	if (map.size <= capacity) return;
	const [oldest] = map.keys();
	map.delete(oldest!);
}

function entry(print: string, time: number): string {
	return print + Math.min(time, LARGEST_NUMBER).toString(36).padStart(NUMBER_CHARS, '0');
}

/** 48 bits: the chance that something looks like one of a hundred thousand others is less than 1 in 10^9. */
function fingerprint(key: string): string {
	return createHash('sha256')
		.update(key)
		.digest()
		.subarray(0, FINGERPRINT_BYTES)
		.toString('base64url');
}
