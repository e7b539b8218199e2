/**
 * Run by n8n's Node.js, which has SQLite built in: a query a line on stdin, its rows on stdout.
 * Opened for reading only, beside a running n8n.
 */
const { DatabaseSync } = require('node:sqlite');
const { createInterface } = require('node:readline');

const database = new DatabaseSync(process.argv[2], { readOnly: true });

createInterface(process.stdin).on('line', (line) => {
	let answer;
	try {
		answer = { rows: database.prepare(JSON.parse(line)).all() };
	} catch (error) {
		answer = { error: error.message };
	}
	process.stdout.write(`${JSON.stringify(answer)}\n`);
});
