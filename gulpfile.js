const { execFile } = require('node:child_process');
const { copyFile, readdir, readFile, rm, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { dest, parallel, series, src } = require('gulp');
const { licence, writeRoboto } = require('./fonts/roboto');

const PICTURES = 'nodes/Terra/pictures';

const clean = () => rm('dist', { recursive: true, force: true });

const run = (program, ...args) =>
	function task(done) {
		execFile(process.execPath, [require.resolve(program), ...args], (failure, output, errors) => {
			done(failure && new Error(output || errors || failure.message));
		});
	};

/**
 * With tabs instead of the compiler's four spaces, without the lines that say that an export is not there yet, and
 * with plain calls: `(0, x.f)()` hides `x` from `f` as its `this`, which no function of ours looks at. Together that is
 * a twenty-fifth of the package.
 */
const compile = series(run('typescript/bin/tsc'), async function shorten() {
	const files = await readdir('dist', { recursive: true });
	for (const file of files.filter((name) => name.endsWith('.js'))) {
		const code = await readFile(join('dist', file), 'utf8');
		const shorter = code
			.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4))
			.replace(/^(?:exports\.\w+ = )+void 0;\n/m, '')
			.replace(/\(0, (\w+\.\w+)\)\(/g, '$1(');
		await writeFile(join('dist', file), shorter);
	}
});

/** What n8n's editor and AI know of the output before a run. */
const schemas = run('tsx/cli', 'build/writeSchemas.ts');

/** n8n loads icons and codex files (`*.node.json`) from beside the compiled code. */
const assets = () =>
	src(['icons/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(dest('dist'));

/** The letters of the pictures, beside the sources for the tests, and with their licence in what is published. */
const letters = () => writeRoboto(join(PICTURES, 'roboto.js'));
const publishLetters = async () => {
	await copyFile(join(PICTURES, 'roboto.js'), join('dist', PICTURES, 'roboto.js'));
	await copyFile(licence, join('dist', PICTURES, 'roboto.LICENSE.txt'));
};

exports.letters = letters;
exports.build = series(
	parallel(clean, letters),
	// The schemas are read from the sources, which need the letters.
	parallel(compile, assets, schemas),
	publishLetters,
);
