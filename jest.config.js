/** Damage by the thousand, whole games of chance, other programs as readers: too long for each `npm test`. */
const LONG = '\\.long\\.test\\.ts$';

/** One project a kind of test: `npx jest --selectProjects unit`. */
const project = (displayName, options = {}) => ({
	displayName,
	testEnvironment: '<rootDir>/test/support/environment.js',
	runtime: '<rootDir>/test/support/runtime.js',
	testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
	testPathIgnorePatterns: ['/node_modules/', LONG],
	// The outlines of the font, which are in no repository.
	globalSetup: '<rootDir>/test/support/letters.js',
	// Only removes the types, which ESLint has checked.
	transform: {
		'^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
	},
	modulePathIgnorePatterns: ['<rootDir>/.runtime', '<rootDir>/dist'],
	...options,
});

const N8N_CORE = '<rootDir>/test/support/n8nCoreSetup.ts';

module.exports = {
	projects: [
		project('unit'),
		project('workflow', { setupFilesAfterEnv: [N8N_CORE] }),
		project('sandbox'),
		project('long', {
			testMatch: ['<rootDir>/test/**/*.long.test.ts'],
			testPathIgnorePatterns: ['/node_modules/'],
			setupFilesAfterEnv: [N8N_CORE],
		}),
		project('e2e'),
		project('browser'),
		project('install'),
		project('queue'),
		project('faults'),
	],
	// Jest would leave one of two cores idle. What starts n8n runs with --runInBand.
	maxWorkers: '100%',
	// Other programs may be using both cores. Jest takes this for all projects only.
	testTimeout: 30_000,
	reporters: ['default', '<rootDir>/test/support/countReporter.js'],
};
