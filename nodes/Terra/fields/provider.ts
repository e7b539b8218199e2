import type { INodeProperties } from 'n8n-workflow';
import { splitProviders } from '../terra/providers';
import { UserError } from '../terra/userError';
import { readLocator } from './user';
import type { Parameters } from './values';

type Show = NonNullable<INodeProperties['displayOptions']>['show'];

export const ANY_PROVIDER = {
	mode: 'list',
	value: '*',
	cachedResultName: 'Any Provider',
} as const;

/** @param several whether several make sense, or any */
export function providerField(
	show: Show,
	description: string,
	{ several }: { several: boolean },
): INodeProperties {
	return {
		displayName: 'Provider',
		name: 'provider',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: 'XERT', cachedResultName: 'Xert' },
		description,
		displayOptions: { show },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchProviders', searchable: true },
			},
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: several ? 'e.g. XERT, GARMIN' : 'e.g. XERT',
				...(several && { hint: 'Separate several with commas; * is any provider' }),
			},
		],
	};
}

/**
 * The chosen providers in Terra's spelling; none of them is any.
 *
 * @throws UserError when the field is empty
 */
export function readProviders({ provider }: Parameters): string[] {
	const { value } = readLocator(provider);
	if (value === '') {
		throw new UserError(
			"'Provider' is empty",
			'Choose a provider. For the athletes of all providers choose Any Provider.',
		);
	}
	return splitProviders(value);
}

/** @throws UserError unless it is exactly one */
export function readOneProvider(parameters: Parameters): string {
	const [provider, ...others] = readProviders(parameters);
	if (provider !== undefined && others.length === 0) return provider;
	throw new UserError(
		"'Provider' must be a single provider",
		'Choose one provider from the list, or enter one name such as XERT.',
	);
}
