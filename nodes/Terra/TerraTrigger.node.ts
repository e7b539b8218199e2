import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { builderHint, nodeError, searchProviders, testTerraAdminApi, testTerraApi } from './n8n';
import { startTrigger } from './trigger/catchUp';
import { startExecution } from './trigger/execute';
import { catchUpFields, eventFields, filterFields, outputFields } from './trigger/fields';
import { optionFields } from './trigger/optionFields';
import { register, unregister } from './trigger/registration';
import { registrationFields } from './trigger/registrationFields';
import { PANEL_HELP } from './trigger/panelHelp';
import { receiveDelivery } from './trigger/webhook';

export class TerraTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Terra Trigger',
		name: 'terraTrigger',
		icon: { light: 'file:../../icons/terra.svg', dark: 'file:../../icons/terra.dark.svg' },
		group: ['trigger'],
		// Not 1: at exactly 1 n8n evaluates an expression on every delivery, which takes most of the time.
		version: 1.1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description:
			'Starts the workflow when a ride or other data from Xert, or any other provider, arrives through Terra',
		defaults: { name: 'Terra Trigger' },
		builderHint: builderHint(
			'Starts a workflow for each new or changed ride of connected athletes, as Terra delivers it to a webhook. Items are flat rows: write them with a match on activity_key, so that a changed ride updates its row.',
			[
				{
					nodeType: 'n8n-nodes-terra.terraPollingTrigger',
					relationHint: 'For an n8n that Terra cannot reach from the internet',
				},
				{
					nodeType: 'n8n-nodes-terra.terra',
					relationHint: 'Gets history, weekly totals, files and links for athletes to connect',
				},
				{
					nodeType: 'n8n-nodes-base.googleSheets',
					relationHint: 'Append or update rows of rides, matching on activity_key',
				},
			],
		),
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'terraApi', required: true, testedBy: 'testTerraApi' },
			{
				name: 'terraAdminApi',
				required: true,
				testedBy: 'testTerraAdminApi',
				displayOptions: { show: { registration: ['automatic'] } },
			},
		],
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
			header: 'Wait for a ride',
			executionsHelp: {
				inactive: PANEL_HELP.unpublished,
				active: PANEL_HELP.published,
			},
			activationHint:
				'First give Terra the Test URL, found under Webhook URLs. Once published, this workflow listens on the Production URL.',
		},
		properties: [
			...registrationFields,
			...eventFields,
			...filterFields,
			...catchUpFields,
			...outputFields,
			...optionFields,
		],
	};

	methods = {
		credentialTest: { testTerraApi, testTerraAdminApi },
		listSearch: { searchProviders },
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				// n8n calls `create` only after a "no", and only `create` can show an error.
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				try {
					await register(this);
				} catch (error) {
					throw nodeError(this.getNode(), error);
				}
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await unregister(this);
				return true;
			},
		},
	};

	webhook = receiveDelivery;

	execute = startExecution;

	trigger = startTrigger;
}
