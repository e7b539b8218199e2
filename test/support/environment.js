const { ModuleMocker } = require('jest-mock');

/** What Jest notes in the global scope for one file. */
const NOTES = ['EVENT_HANDLERS', 'JEST_STATE_SYMBOL', 'TEST_TIMEOUT_SYMBOL'];

/**
 * Runs the files of tests in Node's own global scope. In one of its own, which Jest makes for each file, looking up
 * a global is slow, and what a package throws is no `Error` of the test's.
 */
module.exports = class {
	constructor() {
		this.global = globalThis;
		this.moduleMocker = new ModuleMocker(globalThis);
		// Jest replaces these for each file.
		this.replaced = { console, exit: process.exit };
	}

	async setup() {}

	async teardown() {
		this.moduleMocker.restoreAllMocks();
		for (const key of Object.getOwnPropertySymbols(globalThis)) {
			if (NOTES.includes(key.description)) delete globalThis[key];
		}
		globalThis.console = this.replaced.console;
		process.exit = this.replaced.exit;
	}

	exportConditions() {
		return ['node', 'node-addons'];
	}

	/** None: `runtime.js` compiles without. */
	getVmContext() {
		return null;
	}
};
