import type { INodeProperties } from 'n8n-workflow';
import type { AthleteQuery } from '../transport';
import { providersField, readProviders } from './provider';
import type { Show } from './show';
import { readUser, userField } from './user';
import { readChoice, type Parameters } from './values';

/** Whose data: one athlete, or all of a provider. */
export function athleteFields(show: Show = {}): INodeProperties[] {
	return [
		{
			displayName: 'Athletes',
			name: 'athletes',
			type: 'options',
			options: [
				{ name: 'One Athlete', value: 'one' },
				{ name: 'All Athletes', value: 'everyone' },
			],
			default: 'one',
			displayOptions: { show },
		},
		userField({ ...show, athletes: ['one'] }),
		providersField({ ...show, athletes: ['everyone'] }, 'Whose athletes to get'),
	];
}

/** @throws UserError when no user or provider is chosen, or the ID is invalid */
export function readAthletes(parameters: Parameters): AthleteQuery {
	const athletes = readChoice(parameters.athletes, 'Athletes', ['one', 'everyone'], 'one');
	if (athletes === 'everyone') return { providers: readProviders(parameters) };
	return readUser(parameters);
}
