import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { splitProviders } from '../terra/providers';
import { readLocator } from './user';

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
 * @throws NodeOperationError when the field is empty
 */
export function readProviders(this: IExecuteFunctions, itemIndex: number): string[] {
	const { value } = readLocator(this.getNodeParameter('provider', itemIndex));
	if (value === '') {
		throw new NodeOperationError(this.getNode(), "'Provider' is empty", {
			itemIndex,
			description: 'Choose a provider. For the athletes of all providers choose Any Provider.',
		});
	}
	return splitProviders(value);
}

/** @throws NodeOperationError unless it is exactly one */
export function readOneProvider(this: IExecuteFunctions, itemIndex: number): string {
	const [provider, ...others] = readProviders.call(this, itemIndex);
	if (provider !== undefined && others.length === 0) return provider;
	throw new NodeOperationError(this.getNode(), "'Provider' is not a single one", {
		itemIndex,
		description: 'Choose one provider from the list, or enter one name such as XERT.',
	});
}
