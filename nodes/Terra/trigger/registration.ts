import {
	NodeOperationError,
	type IDataObject,
	type IHookFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import {
	adminAccessOf,
	AdminFailure,
	createDestination,
	deleteDestination,
	listDestinations,
	updateDestination,
	type AdminAccess,
} from '../transport/admin';
import { splitSecrets } from './signature';

/** What is kept of a destination that this node created. Terra shows its signing secret only once. */
interface Registration extends IDataObject {
	id: string;
	/** The workflow that created it: a copy of the workflow, made with its static data, must not touch it. */
	owner: string;
	url: string;
	signingSecret: string;
	active: boolean;
	/** Terra's event types; empty is all. */
	eventTypes: string[];
}

/** Terra's names for what a choice of "Trigger On" covers, where they differ from the choice. */
const EVENT_TYPES: Record<string, string[]> = {
	large_request: ['large_request_processing', 'large_request_sending'],
};

/** The secret of the destination that this node created, if it has. */
export function registeredSecret(context: IWebhookFunctions): string | undefined {
	return storedRegistration(context)?.signingSecret;
}

/**
 * Makes deliveries possible when a workflow is published: by hand there is only something to check,
 * automatically the destination is created or switched on again. Safe to repeat: n8n does so after failures and,
 * depending on its version, at every start.
 */
export async function register(context: IHookFunctions): Promise<void> {
	if (isAutomatic(context)) await ensureDestination(context);
	else await demandSigningSecret(context);
}

/**
 * Stops deliveries when a workflow is withdrawn. It never fails: a person who cannot reach Terra must be able to
 * withdraw a workflow all the same, and n8n refuses what still arrives.
 */
export async function unregister(context: IHookFunctions): Promise<void> {
	const registration = ownRegistration(context);
	if (!isAutomatic(context) || !registration) return;
	// A destination for the test URL is of no use once the test is over.
	const remove = isTest(context) || context.getNodeParameter('onDeactivation') === 'remove';
	try {
		const access = await adminAccess(context);
		if (remove) await deleteDestination(context, access, registration.id);
		else await updateDestination(context, access, registration.id, { active: false });
	} catch (error) {
		context.logger.warn(
			"Terra Trigger could not switch off its destination. Terra's deliveries are refused from now on; remove the destination in Terra's dashboard.",
			{ reason: error instanceof AdminFailure ? error.said : (error as Error).message },
		);
		return;
	}
	store(context, remove ? undefined : { ...registration, active: false });
}

async function demandSigningSecret(context: IHookFunctions) {
	if (context.getNodeParameter('options.verifySignature', true) === false) return;
	const { signingSecrets: typed } = await context.getCredentials('terraApi');
	if (splitSecrets(typed).length > 0) return;
	throw new NodeOperationError(
		context.getNode(),
		"The 'Signing Secret' of the Terra API credential is empty",
		{
			description:
				"Without it anybody could send made-up rides. In Terra's dashboard open Connections → Destinations → your webhook → ⋯ → Edit, copy the Signing Secret, and paste it into the 'Signing Secret' field of the Terra API credential. (To accept unsigned deliveries on purpose, switch off 'Verify Signature' under Options.)",
		},
	);
}

async function ensureDestination(context: IHookFunctions) {
	const access = await adminAccess(context);
	const wanted = {
		url: context.getNodeWebhookUrl('default') as string,
		eventTypes: wantedEventTypes(context.getNodeParameter('events') as string[]),
	};
	try {
		if (!(await reactivate(context, access, wanted))) await replace(context, access, wanted);
	} catch (error) {
		if (!(error instanceof AdminFailure)) {
			throw new NodeOperationError(context.getNode(), error as Error);
		}
		if (!isServed(ownRegistration(context), wanted)) {
			throw new NodeOperationError(context.getNode(), ...explain(error));
		}
		context.logger.warn(
			'Terra Trigger could not check its destination and keeps using the one it has',
			{ reason: error.said, status: error.status },
		);
	}
}

interface Wanted {
	url: string;
	eventTypes: string[];
}

/** @returns false when there is nothing to switch on: no destination for this URL, or it is gone */
async function reactivate(
	context: IHookFunctions,
	access: AdminAccess,
	{ url, eventTypes }: Wanted,
): Promise<boolean> {
	const existing = ownRegistration(context);
	if (existing?.url !== url) return false;

	const change = { active: true, eventTypes };
	if (await updateDestination(context, access, existing.id, change)) {
		store(context, { ...existing, ...change });
		return true;
	}
	store(context, undefined);
	return false;
}

/**
 * Creates the destination. One that already leads to this node's URL is deleted first, for its secret can
 * no longer be had; so is the node's own for an earlier URL. Nobody else's is touched.
 */
async function replace(context: IHookFunctions, access: AdminAccess, wanted: Wanted) {
	const ownId = ownRegistration(context)?.id;
	for (const { id, url } of await listDestinations(context, access)) {
		if (url === wanted.url || id === ownId) await deleteDestination(context, access, id);
	}
	const { id, signingSecret } = await createDestination(context, access, wanted);
	const owner = ownerOf(context);
	store(context, { id, owner, signingSecret: signingSecret!, active: true, ...wanted });
}

/** Whether the destination that is there already brings what is wanted. */
function isServed(existing: Registration | undefined, { url, eventTypes }: Wanted): boolean {
	if (!existing?.active || existing.url !== url) return false;
	if (existing.eventTypes.length === 0) return true;
	return eventTypes.length > 0 && eventTypes.every((type) => existing.eventTypes.includes(type));
}

function wantedEventTypes(choices: string[]): string[] {
	if (choices.includes('*')) return [];
	return choices.flatMap((choice) => EVENT_TYPES[choice] ?? [choice]).sort();
}

function explain({ status, said }: AdminFailure): [string, { description: string }] {
	const terraSays = said ? ` Terra says: ${said}` : '';
	const says = (message: string, next: string): [string, { description: string }] => [
		message,
		{ description: `${next}${terraSays}` },
	];
	const byHand = "or choose By Hand under 'Webhook Registration'.";

	if (status === 401) {
		return says(
			'Terra refused the Personal Access Token',
			`It has expired (they live 90 days at most) or was mistyped. Create a new one in Terra's dashboard under Settings → Personal Access Tokens and put it into the Terra API credential, ${byHand}`,
		);
	}
	if (status === 403 && /scope|permission/i.test(said)) {
		return says(
			'The Personal Access Token may not manage destinations',
			`Create one with the scopes destinations:read and destinations:write, ${byHand}`,
		);
	}
	if (status === 404) {
		return says(
			'Terra does not know this Developer ID',
			"Check that the 'Developer ID' of the Terra API credential belongs to the account of the Personal Access Token.",
		);
	}
	if (status === 403 || status === 409 || status === 422) {
		return says(
			'Terra refused to create another destination',
			`By default it allows one webhook for an environment. Remove the other one in Terra's dashboard under Connections → Destinations, ask Terra for more, ${byHand}`,
		);
	}
	if (status === 400) {
		return says(
			'Terra did not accept the destination',
			'Its URL must be a public https address: check the webhook URL that n8n shows (N8N_WEBHOOK_URL, in older versions WEBHOOK_URL).',
		);
	}
	return says(
		"Terra's Admin API cannot be reached",
		`Try again in a few minutes, and check the 'Admin Base URL' of the Terra API credential, ${byHand}`,
	);
}

async function adminAccess(context: IHookFunctions): Promise<AdminAccess> {
	const access = adminAccessOf(await context.getCredentials('terraApi'));
	if (access) return access;
	throw new NodeOperationError(context.getNode(), 'The Personal Access Token is missing', {
		description:
			"'Webhook Registration' is set to Automatically, for which Terra wants a token of its own. Create one in Terra's dashboard under Settings → Personal Access Tokens, with the scopes destinations:read and destinations:write, and put it into the Terra API credential; or choose By Hand.",
	});
}

function storedRegistration(context: IHookFunctions | IWebhookFunctions): Registration | undefined {
	return context.getWorkflowStaticData('node').registration as Registration | undefined;
}

/** What is stored, unless it came with a copy of another workflow. */
function ownRegistration(context: IHookFunctions): Registration | undefined {
	const stored = storedRegistration(context);
	return stored?.owner === ownerOf(context) ? stored : undefined;
}

function ownerOf(context: IHookFunctions): string {
	return `${context.getInstanceId()}:${context.getWorkflow().id}`;
}

function store(context: IHookFunctions, registration: Registration | undefined) {
	const stored = context.getWorkflowStaticData('node');
	if (registration) stored.registration = registration;
	else delete stored.registration;
}

function isAutomatic(context: IHookFunctions): boolean {
	return context.getNodeParameter('registration') === 'automatic';
}

function isTest(context: IHookFunctions): boolean {
	return context.getMode() === 'manual';
}
