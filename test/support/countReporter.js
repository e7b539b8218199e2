const { appendFileSync, mkdirSync } = require('node:fs');

/** Appends the counts of this run to `.reports/counts.jsonl`, from which `.ci/run` prints its last line. */
module.exports = class CountReporter {
	onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, testResults }) {
		// A file that does not load has no tests to count, but is a failure.
		const brokenFiles = testResults.filter((file) => file.testExecError).length;
		mkdirSync('.reports', { recursive: true });
		const counts = {
			passed: numPassedTests,
			failed: numFailedTests + brokenFiles,
			skipped: numPendingTests,
		};
		appendFileSync('.reports/counts.jsonl', `${JSON.stringify(counts)}\n`);
	}
};
