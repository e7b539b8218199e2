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
 * Compiles, then shortens the output by about 4 % of the package: tabs instead of four spaces, no `exports.x = void 0`
 * lines, and `x.f()` instead of `(0, x.f)()`, which only keeps `x` from becoming the `this` of `f`. None of the
 * functions called this way uses `this`.
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

/** The output schemas, from which n8n's editor and AI know a node's columns before its first run. */
const schemas = run('tsx/cli', 'build/writeSchemas.ts');

/** n8n loads icons and codex files (`*.node.json`) from the folder of the compiled code. */
const assets = () =>
	src(['icons/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(dest('dist'));

/** The glyphs used in pictures: written next to the sources for tests, and published with their licence. */
const letters = () => writeRoboto(join(PICTURES, 'roboto.js'));
const publishLetters = async () => {
	await copyFile(join(PICTURES, 'roboto.js'), join('dist', PICTURES, 'roboto.js'));
	await copyFile(licence, join('dist', PICTURES, 'roboto.LICENSE.txt'));
};

exports.letters = letters;
exports.build = series(
	parallel(clean, letters),
	// The schemas are made from the sources, which import the glyphs.
	parallel(compile, assets, schemas),
	publishLetters,
);
