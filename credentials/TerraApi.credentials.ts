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
			hint: 'Terra\'s <a href="https://dashboard.tryterra.co" target="_blank">dashboard</a> → choose the environment → API Keys',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Next to the Developer ID. Both must belong to the same environment.',
			hint: 'Next to the Developer ID, in the same environment',
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecrets',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The Terra Trigger uses it to verify that a delivery comes from Terra. Each environment and destination has its own: separate several with commas.',
			hint: 'Dashboard → Connections → Destinations → your webhook → ⋯ → Edit',
		},
		{
			displayName:
				'Getting history works without it. A Terra Trigger needs it before you publish, unless it registers automatically: add the webhook at Terra first, then enter its secret here.',
			name: 'unsignedNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { signingSecrets: [''] } },
		},
		{
			displayName:
				'The test of this credential cannot check the secret; only the first delivery can. Account → Check Set-Up shows the result.',
			name: 'signedNotice',
			type: 'notice',
			default: '',
			displayOptions: { hide: { signingSecrets: [''] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://access.tryterra.co/api/v2',
			hint: 'Leave as it is, unless Terra asked you to use the older https://api.tryterra.co/v2',
		},
	];

	/** A function, not a declaration: n8n does not evaluate expressions while a trigger catches up. */
	authenticate: IAuthenticate = async ({ devId, apiKey }, request) => ({
		...request,
		headers: { ...request.headers, 'dev-id': String(devId), 'x-api-key': String(apiKey) },
	});
}
