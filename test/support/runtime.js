const { createRequire } = require('node:module');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

/** Loads packages as Node does, once for all test files of a process, since n8n-core alone takes seconds. */
module.exports = class SharingRuntime extends Runtime {
	constructor(...options) {
		super(...options);
		this.executor.compile = (source, filename) =>
			compileFunction(source, this.executor.injectedModuleParameters, { filename });
	}

	requireModuleOrMock(from, name) {
		const isOurs = /^[./]/.test(name) || name === '@jest/globals';
		return isOurs ? super.requireModuleOrMock(from, name) : createRequire(from)(name);
	}
};
