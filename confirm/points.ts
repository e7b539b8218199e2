import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One of the README's unconfirmed points. */
export interface Point {
	number: number;
	name: string;
	text: string;
}

const README = join(__dirname, '..', 'README.md');

/** As they stand in the README: `1. **Name**: what is open.` */
export function unconfirmedPoints(readme = readFileSync(README, 'utf8')): Point[] {
	const section = readme.split(/^## Unconfirmed points$/m)[1]?.split(/^## /m)[0] ?? '';
	return [...section.matchAll(/^(\d+)\. \*\*([^*]+)\*\*: (.+)$/gm)].map(
		([, number, name, text]) => ({
			number: Number(number),
			name: name!,
			text: text!,
		}),
	);
}
