import type { Point } from './points';
import type { Answer } from './run';
import { NEEDED, QUESTIONS } from './run';
import type { Access } from './terra';

const WIDTHS = [22, 46, 46];

interface Row {
	point: Point;
	answers: Answer[];
}

export function rowsFor(points: Point[], answers: Answer[]): Row[] {
	return points.map((point) => ({
		point,
		answers: answers.filter(({ point: name }) => name === point.name),
	}));
}

/** A table for a terminal. */
export function asTable(rows: Row[]): string {
	const line = WIDTHS.map((width) => '─'.repeat(width)).join('─┼─');
	const head = cells(['Point', 'Terra answered', 'What that means']);
	const body = rows.flatMap((row) =>
		lines(row).map(([seen, means], index) =>
			cells([index === 0 ? `${row.point.number}. ${row.point.name}` : '', seen, means]),
		),
	);
	return [head, ...body].join(`\n${line}\n`);
}

/** The report to attach to an issue. */
export function asMarkdown(rows: Row[], day: string): string {
	const table = rows.flatMap((row) =>
		lines(row).map(
			([seen, means]) =>
				`| ${row.point.number}. ${row.point.name} | ${escaped(seen)} | ${escaped(means)} |`,
		),
	);
	const shapes = rows.flatMap(({ point, answers }) =>
		answers
			.filter(({ shape }) => shape)
			.map(
				({ seen, shape }) =>
					`### ${point.number}. ${point.name}\n\n${seen}\n\n\`\`\`text\n${shape}\n\`\`\``,
			),
	);
	return [
		`# Seen with a Terra account on ${day}`,
		'Made by `npm run confirm`. It contains only field names and types of values: no keys, IDs or personal data.',
		['| Point | Terra answered | What that means |', '| --- | --- | --- |', ...table].join('\n'),
		'## Shapes',
		...shapes,
		'',
	].join('\n\n');
}

/** Removes the keys and IDs that were given, in case an answer repeats them. */
export function withoutSecrets(text: string, access: Access): string {
	const secrets = [
		access.apiKey,
		access.adminToken,
		access.dataToken,
		access.signingSecret,
		access.athlete,
		access.devId,
	];
	return secrets.reduce<string>(
		(clean, secret) => (secret ? clean.replaceAll(secret, '(left out)') : clean),
		text,
	);
}

function lines({ point, answers }: Row): Array<[string, string]> {
	if (answers.length > 0) return answers.map(({ seen, means }) => [seen, means]);
	const needs = QUESTIONS.filter(({ point: name }) => name === point.name).map(
		(question) => question.needs,
	);
	const missing = needs.map((need) => need && NEEDED[need]).find((need) => need !== undefined);
	return [['not asked', `Needs ${missing ?? 'a delivery: npm run confirm -- --receive'}`]];
}

const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function cells(texts: string[]): string {
	const wrapped = texts.map((text, index) => wrap(text, WIDTHS[index]!));
	const height = Math.max(...wrapped.map(({ length }) => length));
	return Array.from({ length: height }, (_, row) =>
		wrapped
			.map((column, index) => (column[row] ?? '').padEnd(WIDTHS[index]!))
			.join(' │ ')
			.trimEnd(),
	).join('\n');
}

function wrap(text: string, width: number): string[] {
	const rows: string[] = [''];
	for (const word of text
		.split(' ')
		.flatMap((whole) => whole.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])) {
		const last = rows.at(-1)!;
		if (last === '') rows[rows.length - 1] = word;
		else if (last.length + 1 + word.length <= width) rows[rows.length - 1] = `${last} ${word}`;
		else rows.push(word);
	}
	return rows;
}
