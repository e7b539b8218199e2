const { execFile } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });

const run = (program, ...args) =>
	function task(done) {
		execFile(process.execPath, [require.resolve(program), ...args], (failure, output, errors) => {
			done(failure && new Error(output || errors || failure.message));
		});
	};

const compile = run('typescript/bin/tsc');

/** What n8n's editor and AI know of the output before a run. */
const schemas = run('tsx/cli', 'build/writeSchemas.ts');

/** n8n loads icons and codex files (`*.node.json`) from beside the compiled code. */
const assets = () =>
	src(['icons/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(dest('dist'));

exports.build = series(clean, parallel(compile, assets, schemas));
