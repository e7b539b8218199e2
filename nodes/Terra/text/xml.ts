// Everything that XML 1.0 forbids: most control characters and halves of surrogate pairs.
const ILLEGAL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};

/** Text for an XML element or attribute. */
export function escapeXml(value: string): string {
	return value.replace(ILLEGAL, '').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** `<name>text</name>`, or nothing if there is no text. */
export function element(name: string, value: string | number | null): string {
	if (value === null || value === '') return '';
	return `<${name}>${typeof value === 'number' ? value : escapeXml(value)}</${name}>`;
}

/** A number as XML Schema's `decimal` requires it, without an exponent; null if it is impossibly large. */
export function decimal(value: number, decimals: number, limit = 1e9): number | string | null {
	if (!(Math.abs(value) <= limit)) return null;
	const rounded = Number(value.toFixed(decimals));
	return Math.abs(rounded) < 1e-6 ? (rounded === 0 ? 0 : rounded.toFixed(decimals)) : rounded;
}

/** The nearest whole number, or null if it is outside the range that the file format allows. */
export function whole(value: number | null, min: number, max: number): number | null {
	if (value === null) return null;
	const rounded = Math.round(value);
	return rounded >= min && rounded <= max ? rounded + 0 : null;
}
