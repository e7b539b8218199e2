/**
 * Run by n8n's Node.js, which has SQLite built in: a query a line on stdin, its rows on stdout.
 * Opened beside a running n8n, for reading only unless a second word says otherwise.
 */
const { DatabaseSync } = require('node:sqlite');
const { createInterface } = require('node:readline');

const database = new DatabaseSync(process.argv[2], {
	readOnly: process.argv[3] !== 'writable',
	timeout: 10_000,
});

createInterface(process.stdin).on('line', (line) => {
	let answer;
	try {
		answer = { rows: database.prepare(JSON.parse(line)).all() };
	} catch (error) {
		answer = { error: error.message };
	}
	process.stdout.write(`${JSON.stringify(answer)}\n`);
});
