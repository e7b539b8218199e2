import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import { splitProviders } from '../../terra/providers';
import { asObject, asText, type JsonObject } from '../../terra/json';
import { linkToChoose, linkToProvider, type LinkWishes } from '../../transport/connect';
import { perItem } from '../../n8n/perItem';
import { providerField, readOneProvider } from '../../fields/provider';

const show = { resource: ['user'], operation: ['createLink'] };

export const fields: INodeProperties[] = [
	{
		displayName: 'Athlete Connects',
		name: 'linkTo',
		type: 'options',
		options: [
			{
				name: 'One Provider',
				value: 'one',
				description: "Leads straight to the provider's log-in",
			},
			{
				name: 'A Provider of Their Choice',
				value: 'choice',
				description: 'Leads to a page of Terra that lists providers',
			},
		],
		default: 'one',
		displayOptions: { show },
	},
	providerField(
		{ ...show, linkTo: ['one'] },
		"It must be enabled in Terra's dashboard under Connections → Sources",
		{ several: false },
	),
	{
		displayName: 'Providers',
		name: 'providers',
		type: 'string',
		default: '',
		placeholder: 'e.g. XERT, GARMIN',
		description:
			"What to choose from, separated by commas. Leave empty for all that are enabled in Terra's dashboard.",
		displayOptions: { show: { ...show, linkTo: ['choice'] } },
	},
	{
		displayName: 'Reference ID',
		name: 'referenceId',
		type: 'string',
		default: '',
		placeholder: 'e.g. rider-0042',
		description:
			'Your own ID of the person, such as their number in your system. It comes with every ride, and stays when they connect again: give each person one and always the same.',
		displayOptions: { show },
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show },
		options: [
			{
				displayName: 'Failure URL',
				name: 'failureUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/sorry',
				description: 'Page to show when the athlete cancels or connecting fails',
			},
			{
				displayName: 'Language',
				name: 'language',
				type: 'string',
				default: '',
				placeholder: 'e.g. en',
				description: "Two-letter code of the language of Terra's pages",
			},
			{
				displayName: 'Success URL',
				name: 'successUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/welcome',
				description:
					"Page to show when it worked. It is no proof: wait for the Terra Trigger's event Connected.",
			},
		],
	},
];

/** Creates a link for each item, on which an athlete connects an account. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await perItem.call(this, async (item) => {
		const wishes = readWishes.call(this, item);
		const link =
			this.getNodeParameter('linkTo', item) === 'choice'
				? await toChoice.call(this, wishes, item)
				: await toProvider.call(this, wishes, item);
		if (link.url === null) {
			throw new NodeOperationError(this.getNode(), 'Terra sent no link', {
				itemIndex: item,
				description: 'Try again in a few minutes.',
			});
		}
		return [link];
	});
}

async function toProvider(this: IExecuteFunctions, wishes: LinkWishes, item: number) {
	const provider = readOneProvider.call(this, item);
	const { auth_url, user_id } = asObject(await linkToProvider.call(this, provider, wishes));
	return described(auth_url, wishes, { provider, user_id });
}

async function toChoice(this: IExecuteFunctions, wishes: LinkWishes, item: number) {
	const providers = splitProviders(this.getNodeParameter('providers', item, '')).join(',');
	const answer = asObject(await linkToChoose.call(this, providers, wishes));
	const { url, session_id, expires_in } = answer;
	return described(url, wishes, { providers, session_id, expires_in });
}

function described(url: unknown, { reference_id }: LinkWishes, more: JsonObject): JsonObject {
	return { url: asText(url) ?? null, reference_id: reference_id ?? null, ...more };
}

function readWishes(this: IExecuteFunctions, itemIndex: number): LinkWishes {
	const more = this.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject;
	const filled = (value: unknown) => String(value ?? '').trim() || undefined;
	return {
		reference_id: filled(this.getNodeParameter('referenceId', itemIndex, '')),
		language: filled(more.language),
		auth_success_redirect_url: filled(more.successUrl),
		auth_failure_redirect_url: filled(more.failureUrl),
	};
}
