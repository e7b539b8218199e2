import {
	NodeConnectionTypes,
	NodeOperationError,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { testTerraApi } from './transport/credentialTest';
import { splitSecrets } from './trigger/signature';
import { receiveDelivery } from './trigger/webhook';

export class TerraTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Terra Trigger',
		name: 'terraTrigger',
		icon: { light: 'file:../../icons/terra.svg', dark: 'file:../../icons/terra.dark.svg' },
		group: ['trigger'],
		// Not 1: at exactly 1 n8n evaluates an expression on every delivery, which costs it most of its speed.
		version: 1.1,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description:
			'Starts the workflow when a ride or other data arrives from Xert, or any provider, by Terra',
		defaults: { name: 'Terra Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'terraApi', required: true, testedBy: 'testTerraApi' }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// Empty, so that n8n sends the answer that webhook() returns.
				responseData: '',
				path: 'webhook',
			},
		],
		triggerPanel: {
			header: 'Finish a ride, or let Terra send a test event',
			executionsHelp: {
				inactive:
					'Webhooks have two modes: test and production.<br><br><b>Test mode</b>: enter the Test URL in Terra\'s dashboard, click "Listen for test event" and let Terra send one.<br><br><b>Production mode</b>: enter the Production URL in Terra\'s dashboard and publish the workflow. From then on each delivery is in the <a data-key="executions">executions list</a>.',
				active:
					'This workflow is published: each delivery to the Production URL is in the <a data-key="executions">executions list</a>, not in the editor.<br><br>To try changes, click "Listen for test event" and let Terra send an event to the Test URL.',
			},
			activationHint:
				"Publish the workflow once the Production URL is in Terra's dashboard: n8n answers Terra only for published workflows.",
		},
		properties: [
			{
				displayName:
					'<b>In <a href="https://dashboard.tryterra.co" target="_blank">Terra\'s dashboard</a>:</b><br>1. Choose the environment, then <b>Connections → Sources</b>: enable Xert.<br>2. <b>Connections → Destinations → Add New → Webhook</b>: paste the Production URL above.<br>3. <b>⋯ → Edit</b>: copy the Signing Secret into the Terra API credential.<br>4. Publish this workflow, then connect an athlete or finish a ride.',
				name: 'setupNotice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Trigger On',
				name: 'events',
				type: 'multiOptions',
				required: true,
				default: ['activity'],
				options: [
					{
						name: 'Activity',
						value: 'activity',
						description: 'A ride or other workout is new or has changed',
					},
				],
			},
			{
				displayName: 'Provider',
				name: 'provider',
				type: 'string',
				default: 'XERT',
				placeholder: 'e.g. XERT, GARMIN',
				hint: 'Where the data comes from. Separate several with commas; leave empty for any.',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'Verify Signature',
						name: 'verifySignature',
						type: 'boolean',
						default: true,
						description:
							'Whether to accept only deliveries that Terra signed. Without it anybody who knows the URL can start this workflow.',
					},
				],
			},
		],
	};

	methods = { credentialTest: { testTerraApi } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				// n8n calls `create` only after a "no", and `create` is where a mistake can be shown.
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				if (this.getNodeParameter('options.verifySignature', true) === false) return true;
				const { signingSecrets } = await this.getCredentials('terraApi');
				if (splitSecrets(signingSecrets).length > 0) return true;
				throw new NodeOperationError(this.getNode(), 'The Signing Secret is missing', {
					description:
						"Without it anybody could send made-up rides. In Terra's dashboard open Connections → Destinations → your webhook → ⋯ → Edit, copy the Signing Secret, and paste it into the 'Signing Secret' field of the Terra API credential. (To accept unsigned deliveries on purpose, switch off 'Verify Signature' under Options.)",
				});
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	webhook = receiveDelivery;
}
