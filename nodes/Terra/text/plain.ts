/** What people cannot read: most control characters, such as the NULs that pad strings in FIT files. */
const CONTROLS = /(?![\t\n\r\u0080-\u009F])\p{Cc}/gu;

export function withoutControls(value: string): string {
	return value.replace(CONTROLS, '');
}

/** Look-alikes for the characters that have a meaning in Slack, Telegram, Discord or Markdown. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
	'<': '‹',
	'>': '›',
	'*': '∗',
	_: 'ˍ',
	'`': 'ˋ',
	'~': '∼',
	'|': '¦',
	'[': '(',
	']': ')',
	'\\': '⧵',
	'@': '＠',
};

/** Text that stays readable and that no chat takes for markup, a link or a mention. */
export function chatSafe(value: string): string {
	return value
		.replace(/[<>*_`~|[\]\\@]/g, (character) => LOOK_ALIKES[character]!)
		.replace(/&(?=#?\w+;)/g, '＆');
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
	return UUID.test(value);
}
