/**
 * `describe` if the machine has what the tests need; otherwise they are skipped and counted, and the reason is printed.
 *
 * @param missing why they cannot run, as a sentence
 */
export function describeUnless(missing: string | undefined, name: string, tests: () => void): void {
	if (missing) process.stderr.write(`Skipped, "${name}": ${missing}\n`);
	(missing ? describe.skip : describe)(name, tests);
}
