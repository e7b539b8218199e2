import { missingServices } from '../../playground/n8n/services';
import { describeUnless } from '../support/describeUnless';

/** `describe` where queue mode can be had. */
export function describeQueueMode(name: string, tests: () => void): void {
	describeUnless(missingServices(), name, tests);
}
