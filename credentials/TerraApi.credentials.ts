import type { IAuthenticate, ICredentialType, INodeProperties } from 'n8n-workflow';

/**
 * What a person copies once from Terra's dashboard.
 *
 * It is tested by `testTerraApi` (see `nodes/Terra/n8n/credentialTest.ts`): a declarative test could
 * only show status texts such as "Unauthorized", not what to do about them.
 */
export class TerraApi implements ICredentialType {
	name = 'terraApi';

	displayName = 'Terra API';

	icon = { light: 'file:../icons/terra.svg', dark: 'file:../icons/terra.dark.svg' } as const;

	documentationUrl = 'https://github.com/n8n-nodes-terra/n8n-nodes-terra#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Developer ID',
			name: 'devId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. my-club-prod-a1b2c3',
			description:
				'In Terra\'s <a href="https://dashboard.tryterra.co" target="_blank">dashboard</a>: choose the environment, then <b>API Keys</b>',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Beside the Developer ID. Both must be of the same environment.',
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecrets',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Needed by the Terra Trigger, which proves with it that a delivery comes from Terra. In the dashboard: <b>Connections</b> → <b>Destinations</b> → your webhook → ⋯ → <b>Edit</b>. Each environment and destination has its own: separate several with commas or line breaks.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://access.tryterra.co/api/v2',
			hint: 'Leave as it is, unless Terra told you to use the older https://api.tryterra.co/v2',
		},
	];

	/** A function, not a declaration: n8n evaluates no expression while a trigger catches up. */
	authenticate: IAuthenticate = async ({ devId, apiKey }, request) => ({
		...request,
		headers: { ...request.headers, 'dev-id': String(devId), 'x-api-key': String(apiKey) },
	});
}
