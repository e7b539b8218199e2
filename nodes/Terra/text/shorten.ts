/** Cuts text to at most this many characters, with an ellipsis, and never in the middle of an emoji. */
export function shorten(value: string, characters: number): string {
	if (value.length <= characters) return value;
	return `${value.slice(0, characters - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
