/** FNV-1a hash of the joined parts: the same parts give the same 32-bit seed on every machine. */
export function seedFrom(...parts: Array<string | number>): number {
	let seed = 0x811c9dc5;
	for (const char of parts.join('|')) {
		seed = Math.imul(seed ^ (char.codePointAt(0) ?? 0), 0x01000193);
	}
	return seed >>> 0;
}

/** A seeded pseudo-random generator of numbers in [0, 1). */
export function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x9e3779b9) | 0;
		let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
		mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
		return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x100000000;
	};
}

/** A UUID (version 4 layout) that depends only on its parts. */
export function uuidFrom(...parts: Array<string | number>): string {
	const random = randomFrom(seedFrom(...parts));
	const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16));
	digits[12] = 4;
	digits[16] = 8 + (digits[16] ?? 0) / 4;
	const hex = digits.map((digit) => Math.floor(digit).toString(16)).join('');
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		hex.slice(12, 16),
		hex.slice(16, 20),
		hex.slice(20),
	].join('-');
}
