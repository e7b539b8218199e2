/** Tests that are too slow for every `npm test`: thousands of damaged answers, random models, external programs. */
const LONG = '\\.long\\.test\\.ts$';

/** One project per kind of test: `npx jest --selectProjects unit`. */
const project = (displayName, options = {}) => ({
	displayName,
	testEnvironment: '<rootDir>/test/support/environment.js',
	runtime: '<rootDir>/test/support/runtime.js',
	testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
	testPathIgnorePatterns: ['/node_modules/', LONG],
	// Generates the font outlines, which are not in the repository.
	globalSetup: '<rootDir>/test/support/letters.js',
	// Only strips the types; ESLint checks them.
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
	// By default Jest leaves one core idle. Tests that start n8n run with --runInBand.
	maxWorkers: '100%',
	// Generous, because other programs may be using the CPU. Jest ignores this setting in a project.
	testTimeout: 30_000,
	reporters: ['default', '<rootDir>/test/support/countReporter.js'],
};
