/**
 * The outlines of Roboto, in 256 units to the em with y upwards. `npm run build` writes roboto.js from the development
 * dependency: see fonts/roboto.js.
 */
export interface Outlines {
	/** Character to its width and outline, such as `334m243 95l-152 0`; `@A5 0` is another character, moved. */
	readonly glyphs: Readonly<Record<string, string>>;
	/** By left character, then by units: all right characters that are moved by that many. */
	readonly kerning: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const regular: Outlines;
export const bold: Outlines;
