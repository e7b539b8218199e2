/**
 * Runs in n8n's Node.js, which has SQLite built in. Each line on stdin is a query; its rows are a line on stdout. Opens
 * the database of a running n8n, read-only unless the second argument is `writable`.
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
