import type { INodeProperties } from 'n8n-workflow';
import { providerField, readProvider } from '../../fields/provider';
import { isEmpty, readChoice, readText, type Parameters } from '../../fields/values';
import { choiceHint, operation } from '../../n8n';
import { asObject, type JsonObject } from '../../terra/json';
import { splitProviders } from '../../terra/providers';
import { UserError } from '../../terra/userError';
import { linkToProvider, linkToWidget, type Client, type LinkSettings } from '../../transport';

const fields: INodeProperties[] = [
	{
		displayName: 'Athlete Connects',
		name: 'linkTo',
		type: 'options',
		options: [
			{
				name: 'One Provider',
				value: 'one',
				description: "Leads straight to the provider's login page",
			},
			{
				name: 'A Provider of Their Choice',
				value: 'choice',
				description: 'Leads to a page of Terra that lists providers',
			},
		],
		default: 'one',
	},
	providerField(
		{ linkTo: ['one'] },
		"It must be enabled in Terra's dashboard under Connections → Sources",
	),
	{
		displayName: 'Providers',
		name: 'offeredProviders',
		type: 'string',
		default: '',
		placeholder: 'e.g. XERT, GARMIN',
		description:
			"Which providers to offer, separated by commas. Leave empty for all that are enabled in Terra's dashboard.",
		displayOptions: { show: { linkTo: ['choice'] } },
	},
	{
		displayName: 'Reference ID',
		name: 'referenceId',
		type: 'string',
		default: '',
		placeholder: 'e.g. rider-0042',
		description:
			'Your own ID for the person, such as their number in your system. It comes with every ride and stays the same when they reconnect: give each person one ID and never change it.',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
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
				description: "Two-letter language code for Terra's pages",
			},
			{
				displayName: 'Success URL',
				name: 'successUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/welcome',
				description:
					"Page to show after connecting. It is no proof of success: wait for the Terra Trigger's event Connected.",
			},
		],
	},
];

interface LinkRequest {
	/** One provider, or those the athlete may choose from; in Terra's spelling. */
	to: { provider: string } | { providers: string };
	settings: LinkSettings;
}

export const createLink = operation<LinkRequest>({
	option: {
		name: 'Create Connection Link',
		value: 'createLink',
		description: 'Create a link that an athlete opens to connect an account',
		action: 'Create connection link for athlete',
		builderHint: choiceHint(
			'Comes first: without a connected athlete there is no data. Use one reference ID for each person, and keep it.',
		),
	},
	forModel:
		'Creates a link for a person to connect a provider; send it to them. It changes nothing until they use it. Reference_ID: your ID for the person, such as rider-0042; keep the same one when somebody reconnects.',
	columns: [
		{ name: 'url', description: 'Where the athlete connects: send it to them' },
		{ name: 'reference_id', description: 'Your own ID for the person' },
		{ name: 'provider', description: 'What they connect, such as XERT' },
		{ name: 'user_id', description: "Terra's ID of the future connection" },
	],
	fields,
	read: (parameters, { isExpression }) => {
		const settings = readSettings(parameters);
		if (settings.reference_id === undefined && isExpression('referenceId')) {
			throw new UserError(
				"The expression in 'Reference ID' yields nothing",
				'Without a reference ID nothing would link the rides to this person. Check the input item, or clear the field for a link without one.',
			);
		}
		return { to: readTarget(parameters), settings };
	},
	async run({ to, settings }, { client }) {
		const { url, ...more } =
			'provider' in to
				? await createProviderLink(client, to.provider, settings)
				: await createWidgetLink(client, to.providers, settings);
		return [{ json: { url, reference_id: settings.reference_id ?? null, ...more } }];
	},
});

async function createProviderLink(
	client: Client,
	provider: string,
	settings: LinkSettings,
): Promise<JsonObject> {
	const { auth_url: url, user_id } = await linkToProvider(client, provider, settings);
	return { url, provider, user_id };
}

async function createWidgetLink(
	client: Client,
	providers: string,
	settings: LinkSettings,
): Promise<JsonObject> {
	const answer = await linkToWidget(client, providers, settings);
	const { url, session_id, expires_in } = answer;
	return { url, providers, session_id, expires_in };
}

function readTarget(parameters: Parameters): LinkRequest['to'] {
	const linkTo = readChoice(parameters.linkTo, 'Athlete Connects', ['one', 'choice'], 'one');
	return linkTo === 'one'
		? { provider: readProvider(parameters) }
		: { providers: splitProviders(parameters.offeredProviders).join(',') };
}

function readSettings({ referenceId, additionalFields }: Parameters): LinkSettings {
	const { language, successUrl, failureUrl } = asObject(additionalFields);
	const filled = (value: unknown) => readText(value) || undefined;
	return {
		// It must match exactly when the person is looked up, so it is not trimmed.
		reference_id: isEmpty(referenceId) ? undefined : String(referenceId),
		language: filled(language),
		auth_success_redirect_url: filled(successUrl),
		auth_failure_redirect_url: filled(failureUrl),
	};
}
