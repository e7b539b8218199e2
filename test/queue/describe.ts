import { missingServices } from '../../playground/n8n/services';

/** `describe` where queue mode can be had; elsewhere its tests are skipped, counted, and the reason is printed. */
export function describeQueueMode(name: string, tests: () => void): void {
	const missing = missingServices();
	if (missing) process.stderr.write(`Skipped, "${name}": ${missing}\n`);
	(missing ? describe.skip : describe)(name, tests);
}
