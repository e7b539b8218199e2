import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { connectionOf, triggerParameters } from '../n8n';
import { terraTypesOf } from '../terra/events';
import { UserError } from '../terra/userError';
import { adminOf, AdminError, type Admin } from '../transport';
import { explainRefusal, TOKEN_MISSING } from './registrationErrors';
import { readSettings, readVerifySignature, SETTING_FIELDS } from './settings';
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

/** The secret of the destination that this node created, if it has. */
export function registeredSecret(context: IWebhookFunctions): string | undefined {
	return storedRegistration(context)?.signingSecret;
}

/**
 * Makes deliveries possible when a workflow is published: by hand there is only something to check,
 * automatically the destination is created or switched on again. Safe to repeat: n8n does so after failures and,
 * depending on its version, at every start.
 *
 * @throws UserError that says what is missing
 */
export async function register(context: IHookFunctions): Promise<void> {
	const { filters } = readSettings(
		triggerParameters(context, SETTING_FIELDS),
		context.getTimezone(),
	);
	if (isAutomatic(context)) await ensureDestination(context, filters.events);
	else await requireSigningSecret(context);
}

/**
 * Stops deliveries when a workflow is unpublished: the destination stays at Terra, switched off. It never fails: a
 * person who cannot reach Terra must be able to unpublish all the same, and n8n refuses what still arrives.
 */
export async function unregister(context: IHookFunctions): Promise<void> {
	const registration = ownRegistration(context);
	if (!isAutomatic(context) || !registration) return;
	// A destination for the test URL is of no use once the test is over.
	const remove = isTest(context);
	try {
		const admin = await requireAdmin(context);
		if (remove) await admin.deleteDestination(registration.id);
		else await admin.updateDestination(registration.id, { active: false });
	} catch (error) {
		context.logger.warn(
			"Terra Trigger could not switch off its destination. n8n refuses Terra's deliveries from now on; remove the destination in Terra's dashboard.",
			{ reason: error instanceof AdminError ? error.said : (error as Error).message },
		);
		return;
	}
	store(context, remove ? undefined : { ...registration, active: false });
}

async function requireSigningSecret(context: IHookFunctions) {
	if (!readVerifySignature(context.getNodeParameter('options', {}))) return;
	const { signingSecrets: typed } = await context.getCredentials('terraApi');
	if (splitSecrets(typed).length > 0) return;
	throw new UserError(
		"The 'Signing Secret' of the Terra API credential is empty",
		"Without it anybody could send made-up rides. In Terra's dashboard open Connections → Destinations → your webhook → ⋯ → Edit, copy the Signing Secret, and paste it into the 'Signing Secret' field of the Terra API credential. (To accept unsigned deliveries on purpose, switch off 'Verify Signature' under Options.)",
	);
}

interface Wanted {
	url: string;
	eventTypes: string[];
}

async function ensureDestination(context: IHookFunctions, events: string[]) {
	const admin = await requireAdmin(context);
	const wanted: Wanted = {
		url: context.getNodeWebhookUrl('default') as string,
		eventTypes: wantedEventTypes(events),
	};
	const failure = await publishDestination(context, admin, wanted);
	if (!failure) return;
	if (!isServed(ownRegistration(context), wanted)) throw explainRefusal(failure);
	context.logger.warn(
		'Terra Trigger could not check its destination and keeps using the one it has',
		{ reason: failure.said, status: failure.status },
	);
}

/** @returns what Terra refused, if it did */
async function publishDestination(
	context: IHookFunctions,
	admin: Admin,
	wanted: Wanted,
): Promise<AdminError | undefined> {
	try {
		if (!(await reactivate(context, admin, wanted))) await replace(context, admin, wanted);
		return undefined;
	} catch (error) {
		if (error instanceof AdminError) return error;
		return await Promise.reject(error as Error);
	}
}

/** @returns false when there is nothing to switch on: no destination for this URL, or it is gone */
async function reactivate(
	context: IHookFunctions,
	admin: Admin,
	{ url, eventTypes }: Wanted,
): Promise<boolean> {
	const existing = ownRegistration(context);
	if (existing?.url !== url) return false;

	const change = { active: true, eventTypes };
	if (await admin.updateDestination(existing.id, change)) {
		store(context, { ...existing, ...change });
		return true;
	}
	store(context, undefined);
	return false;
}

/**
 * Creates the destination. One that already leads to this node's URL is deleted first, for its secret cannot be read
 * any more; so is the node's own for an earlier URL. Nobody else's is touched.
 */
async function replace(context: IHookFunctions, admin: Admin, wanted: Wanted) {
	const ownId = ownRegistration(context)?.id;
	for (const { id, url } of await admin.listDestinations()) {
		if (url === wanted.url || id === ownId) await admin.deleteDestination(id);
	}
	const { id, signingSecret } = await admin.createDestination(wanted);
	const owner = ownerOf(context);
	store(context, { id, owner, signingSecret: signingSecret!, active: true, ...wanted });
}

/** Whether the destination that is there already delivers what is wanted. */
function isServed(existing: Registration | undefined, { url, eventTypes }: Wanted): boolean {
	if (!existing?.active || existing.url !== url) return false;
	if (existing.eventTypes.length === 0) return true;
	return eventTypes.length > 0 && eventTypes.every((type) => existing.eventTypes.includes(type));
}

function wantedEventTypes(choices: string[]): string[] {
	if (choices.includes('*')) return [];
	return choices.flatMap((choice) => terraTypesOf(choice)).sort();
}

async function requireAdmin(context: IHookFunctions): Promise<Admin> {
	const admin = await adminOf(connectionOf(context));
	if (admin) return admin;
	throw TOKEN_MISSING;
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
