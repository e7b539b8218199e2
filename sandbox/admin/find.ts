import type { Destination } from '../webhooks/destinations';
import type { Call } from './endpoint';
import { AdminProblem } from './problem';

/** The destination named in the path. */
export function find({ world, params }: Pick<Call, 'params' | 'world'>): Destination {
	const destination = world.destinations.find(({ id }) => id === params['id']);
	if (destination) return destination;
	throw new AdminProblem('not_found', 'destination not found');
}

/** Terra does not say whether an environment may have two webhooks, so a setting decides. */
export function refuseSecond({ world }: Pick<Call, 'world'>): void {
	const status = world.settings.secondDestinationStatus;
	if (status === null || world.destinations.length === 0) return;
	throw new AdminProblem(
		status === 409 ? 'conflict' : 'access_denied',
		'this environment already has a webhook destination',
	);
}
