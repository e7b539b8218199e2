const { ModuleMocker } = require('jest-mock');

/** The symbols that Jest adds to the global scope for one file. */
const NOTES = ['EVENT_HANDLERS', 'JEST_STATE_SYMBOL', 'TEST_TIMEOUT_SYMBOL'];

/**
 * Runs test files in Node's own global scope. Jest would give each file a scope of its own, in which looking up a global
 * is slow, and an error thrown by a package is not an instance of the test's `Error`.
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

	/** None: `runtime.js` compiles without a context. */
	getVmContext() {
		return null;
	}
};
