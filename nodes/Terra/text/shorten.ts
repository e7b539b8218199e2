/** Letters that take twice the width of others: Chinese, Japanese, Korean, emoji. */
const WIDE =
	/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** As much of a text as is no wider than so many ordinary letters, with an ellipsis. */
export function shortenToWidth(value: string, letters: number): string {
	let width = 0;
	let fits = 0;
	for (const character of value) {
		width += WIDE.test(character) ? 2 : 1;
		if (width > letters) return shorten(value, Math.max(1, fits));
		fits += character.length;
	}
	return value;
}

/** At most so many characters, with an ellipsis, and never half of an emoji. */
export function shorten(value: string, characters: number): string {
	if (value.length <= characters) return value;
	return `${value.slice(0, characters - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
