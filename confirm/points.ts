import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One of the unconfirmed points. */
export interface Point {
	number: number;
	name: string;
	text: string;
}

const PAGE = join(__dirname, '..', 'docs/unconfirmed.md');

/** Reads the list in docs/unconfirmed.md: `1. **Name**: what is open.` */
export function unconfirmedPoints(page = readFileSync(PAGE, 'utf8')): Point[] {
	return [...page.matchAll(/^(\d+)\. \*\*([^*]+)\*\*: (.+)$/gm)].map(([, number, name, text]) => ({
		number: Number(number),
		name: name!,
		text: text!,
	}));
}
