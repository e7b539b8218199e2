const { execFile } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });

const compile = (done) => {
	execFile(process.execPath, [require.resolve('typescript/bin/tsc')], (failure, output) => {
		done(failure && new Error(output || failure.message));
	});
};

/** n8n loads icons and codex files (`*.node.json`) from beside the compiled code. */
const assets = () =>
	src(['icons/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(dest('dist'));

exports.build = series(clean, parallel(compile, assets));
