/**
 * `describe` where a machine has what the tests need; elsewhere they are skipped, counted, and the reason is printed.
 *
 * @param missing why they cannot run, in a sentence for a person
 */
export function describeUnless(missing: string | undefined, name: string, tests: () => void): void {
	if (missing) process.stderr.write(`Skipped, "${name}": ${missing}\n`);
	(missing ? describe.skip : describe)(name, tests);
}
