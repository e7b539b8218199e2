import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Patience } from '../transport/retry';
import { providerField, readProviders } from './provider';
import { readUser, userField } from './user';
import { usersByReference, usersOf, type User } from '../transport/users';

type Show = NonNullable<INodeProperties['displayOptions']>['show'];

/** A connection: one person at one provider. Of a user that was picked by ID only the ID is known. */
export type Athlete = User;

/** Whose data: one athlete, or everyone that a provider has. */
export function athleteFields(show: Show): INodeProperties[] {
	return [
		{
			displayName: 'Athletes',
			name: 'athletes',
			type: 'options',
			options: [
				{ name: 'One Athlete', value: 'one' },
				{ name: 'Everyone at a Provider', value: 'everyone' },
			],
			default: 'one',
			displayOptions: { show },
		},
		userField({ ...show, athletes: ['one'] }),
		providerField({ ...show, athletes: ['everyone'] }, 'Whose athletes to get', { several: true }),
	];
}

/**
 * The connections that the fields ask for. Those of a provider come page by page, so that ten thousand of them
 * need no more memory than one page.
 *
 * @throws NodeOperationError when no user is chosen, the ID is none, or nobody has the reference ID
 */
export async function* readAthletes(
	this: IExecuteFunctions,
	itemIndex: number,
	patience: Patience,
): AsyncGenerator<Athlete> {
	if (this.getNodeParameter('athletes', itemIndex, 'one') === 'everyone') {
		yield* usersOf.call(this, readProviders.call(this, itemIndex), patience);
		return;
	}
	const user = readUser.call(this, itemIndex);
	if ('userId' in user) yield { user_id: user.userId };
	else yield* await usersByReference.call(this, user.referenceId, { itemIndex, patience });
}
