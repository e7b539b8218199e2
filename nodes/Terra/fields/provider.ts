import type { INodeProperties } from 'n8n-workflow';
import { splitProviders } from '../terra/providers';
import { UserError } from '../terra/userError';
import type { Show } from './show';
import { readLocator } from './user';
import type { Parameters } from './values';

export const ANY_PROVIDER = {
	mode: 'list',
	value: '*',
	cachedResultName: 'Any Provider',
} as const;

/** The picker for exactly one provider. */
export function providerField(show: Show, description: string): INodeProperties {
	return picker('provider', show, description);
}

/**
 * The picker for several providers, or any. It has a separate name: n8n keeps a field's value when another
 * operation is chosen, and Any Provider would stay where one is needed.
 */
export function providersField(show: Show, description: string): INodeProperties {
	return picker('providers', show, description);
}

function picker(name: 'provider' | 'providers', show: Show, description: string): INodeProperties {
	const several = name === 'providers';
	return {
		displayName: 'Provider',
		name,
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
 * The chosen providers in Terra's spelling; an empty list means any.
 *
 * @throws UserError when the field is empty
 */
export function readProviders({ providers }: Parameters): string[] {
	const { value } = readLocator(providers);
	if (value === '') {
		throw new UserError(
			"'Provider' is empty",
			'Choose a provider. For the athletes of all providers choose Any Provider.',
		);
	}
	return splitProviders(value);
}

/** @throws UserError unless it is exactly one */
export function readProvider(parameters: Parameters): string {
	const { value } = readLocator(parameters.provider);
	const [provider, ...others] = splitProviders(value);
	if (provider !== undefined && others.length === 0) return provider;
	throw new UserError(
		"'Provider' must be a single provider",
		'Choose one provider from the list, or enter one name such as XERT.',
	);
}
