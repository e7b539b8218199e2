import { missingServices } from '../../playground/n8n/services';
import { describeUnless } from '../support/describeUnless';

/** `describe` if queue mode can run here. */
export function describeQueueMode(name: string, tests: () => void): void {
	describeUnless(missingServices(), name, tests);
}
