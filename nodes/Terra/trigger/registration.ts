import type { IHookFunctions, ITriggerFunctions } from 'n8n-workflow';
import {
	adminFor,
	connectionOf,
	environmentSecret,
	triggerParameters,
	webhookBaseUrlOf,
} from '../n8n';
import { createLock } from '../history';
import { nodeIdOf } from '../inbox';
import { terraTypesOf } from '../terra/events';
import { UserError } from '../terra/userError';
import { canonicalUrl, AdminError, type Admin } from '../transport';
import { ensureDestination, type Known } from './destination';
import { explainRefusal, explainTestRefusal, TOKEN_MISSING } from './registrationErrors';
import {
	addressOf,
	isStart,
	noteAddress,
	noteInactive,
	noteOwn,
	ownDestination,
} from './registrationNotes';
import { readSettings, readVerifySignature, SETTING_FIELDS } from './settings';
import { splitSecrets } from './signature';
import { keepOn, switchOffLater } from './switchOff';

type Context = IHookFunctions | ITriggerFunctions;

/**
 * Makes deliveries possible when a workflow is published. By Hand this only needs a check; Automatically, the destination
 * is created or switched on again. It is safe to repeat: n8n does so after failures and, depending on its version, at
 * every start.
 *
 * @throws UserError that says what is missing
 */
export async function register(context: IHookFunctions): Promise<void> {
	// n8n up to 2.40 calls this at every start, and takes the webhook down if it throws.
	if (!isStart(context)) return await registerNow(context);
	try {
		await registerNow(context);
	} catch (error) {
		context.logger.warn('Terra Trigger could not check its registration, and left it unchanged', {
			reason: error instanceof AdminError ? error.said : (error as Error).message,
		});
	}
}

async function registerNow(context: IHookFunctions): Promise<void> {
	let isOn = keepOn(nodeIdOf(context)) || isServed(context);
	const { filters } = readSettings(
		triggerParameters(context, SETTING_FIELDS),
		context.getTimezone(),
	);
	if (!isAutomatic(context)) {
		await requireSigningSecret(context);
		noteAddress(context, urlOf(context));
		return;
	}
	const onNothingThere = () => {
		isOn = false;
		noteInactive(context);
	};
	const failure = await tryToRegister(context, wantedEventTypes(filters.events), onNothingThere);
	if (!failure) return;
	if (context.getMode() === 'manual') throw explainTestRefusal(failure);
	if (!isOn && !isStart(context)) throw explainRefusal(failure);
	context.logger.warn(
		'Terra Trigger could not check its destination and keeps using the one it has',
		{ reason: failure.said, status: failure.status },
	);
}

/**
 * Stops deliveries when a workflow is unpublished: the destination stays at Terra, switched off. It never fails: a
 * person who cannot reach Terra must still be able to unpublish, and n8n refuses what still arrives.
 *
 * When a new version is published, n8n also calls this for the old one, before `register` for the new one; and it calls
 * this after a `register` that failed. So the destination is switched off a little later, unless it is wanted again.
 */
export async function unregister(context: IHookFunctions): Promise<void> {
	if (!isAutomatic(context)) return;
	const url = urlOf(context);
	if (isTestUrl(context, url)) {
		testUrls.delete(nodeIdOf(context));
		await quietly(context, async (admin) => await removeUrl(admin, url));
		return;
	}
	const isOn = isServed(context);
	noteInactive(context);
	switchOffLater(nodeIdOf(context), isOn, async () => {
		await quietly(context, async (admin) => {
			for (const one of await admin.listDestinations()) {
				if (one.url === url && one.active) await admin.updateDestination(one.id, { active: false });
			}
		});
	});
}

/**
 * When n8n starts, compares the address that Terra has with n8n's own, and corrects it: from 2.41 on n8n republishes
 * nothing at a start, although its address may have changed.
 */
export function compareAddress(context: ITriggerFunctions): void {
	if (!isStart(context)) return;
	// Not awaited: n8n activates its workflows one after the other, and must not wait for Terra.
	void compareAtStart(context).catch((error: Error) => {
		context.logger.warn('Terra Trigger could not compare its address with the one Terra has', {
			reason: error instanceof AdminError ? error.said : error.message,
		});
	});
}

async function compareAtStart(context: ITriggerFunctions) {
	const url = productionUrl(context);
	if (url === undefined) return;
	const former = addressOf(context)?.url;
	if (former !== undefined && former !== url) {
		context.logger.warn(
			`The address of n8n has changed from ${former}, which Terra has, to ${url}. With By Hand, put the new one into Terra's dashboard, and publish the workflow again.`,
		);
	}
	if (!isAutomatic(context)) return;
	// Read the parameters before the first await: later n8n evaluates no expression.
	const parameters = triggerParameters(context, SETTING_FIELDS);
	const eventTypes = wantedEventTypes(
		readSettings(parameters, context.getTimezone()).filters.events,
	);
	await lockFor(nodeIdOf(context))(async () => {
		const admin = await requireAdmin(context);
		await ensureDestination(admin, { url, eventTypes }, await knownTo(context, url));
	});
}

function productionUrl(context: ITriggerFunctions): string | undefined {
	const base = webhookBaseUrlOf(context);
	const { webhookId } = context.getNode();
	return base && webhookId ? `${base}/${webhookId}/webhook` : undefined;
}

/** Test URLs for which this process has created a destination, by node. */
const testUrls = new Map<string, string>();

/** n8n says that a webhook is for testing when it creates it, but not when it removes it. */
function isTestUrl(context: IHookFunctions, url: string): boolean {
	return testUrls.get(nodeIdOf(context)) === url || url.includes('/webhook-test/');
}

/** @returns what Terra refused, if it did */
async function tryToRegister(
	context: IHookFunctions,
	eventTypes: string[],
	onNothingThere: () => void,
): Promise<AdminError | undefined> {
	try {
		await lockFor(nodeIdOf(context))(async () => {
			const admin = await requireAdmin(context);
			if (context.getMode() === 'manual') await createTestDestination(context, admin);
			else await publishDestination(context, admin, eventTypes, onNothingThere);
		});
		return undefined;
	} catch (error) {
		if (error instanceof AdminError) return error;
		return await Promise.reject(error as Error);
	}
}

/** It is removed after the test; or, if n8n was killed and left it behind, the next time the workflow is published. */
async function createTestDestination(context: IHookFunctions, admin: Admin) {
	const url = urlOf(context);
	testUrls.set(nodeIdOf(context), url);
	const known = await knownTo(context, url);
	await ensureDestination(
		admin,
		{ url, eventTypes: [] },
		{ ...known, formerUrls: [], own: undefined },
	);
}

async function publishDestination(
	context: IHookFunctions,
	admin: Admin,
	eventTypes: string[],
	onNothingThere: () => void,
) {
	const url = urlOf(context);
	const known = { ...(await knownTo(context, url)), canKeepSecret: true, onNothingThere };
	noteOwn(context, await ensureDestination(admin, { url, eventTypes }, known));
	noteAddress(context, urlOf(context));
}

async function knownTo(context: Context, url: string): Promise<Known> {
	return {
		formerUrls: formerUrls(context, url),
		own: ownDestination(context),
		typedSecrets: await typedSecrets(context),
		hasEnvironmentSecret: async () => (await environmentSecret(context)) !== '',
		canKeepSecret: false,
		onNothingThere: () => {},
	};
}

/** The address that Terra had for this node before, and the test URL, in case a killed n8n left that behind. */
function formerUrls(context: Context, url: string): string[] {
	const testUrl = canonicalUrl(
		`${context.getInstanceBaseUrl().replace(/\/+$/, '')}/webhook-test/${pathIn(url)}`,
	);
	const isTesting = testUrls.get(nodeIdOf(context)) === testUrl;
	return [addressOf(context)?.url ?? [], isTesting ? [] : testUrl].flat();
}

/** `<webhook ID>/webhook`, which n8n appends to the address of its webhooks. */
const pathIn = (url: string) => url.split('/').slice(-2).join('/');

/** By Hand there is nothing to ask Terra: the user knows what is in its dashboard. */
async function requireSigningSecret(context: IHookFunctions) {
	if (!readVerifySignature(context.getNodeParameter('options', {}))) return;
	if ((await typedSecrets(context)).length > 0) return;
	throw new UserError(
		"The 'Signing Secret' of the Terra API credential is empty",
		"Without it anybody could send made-up rides. In Terra's dashboard open Connections → Destinations → your webhook → ⋯ → Edit, copy the Signing Secret, and paste it into the 'Signing Secret' field of the Terra API credential. (To accept unsigned deliveries on purpose, switch off 'Verify Signature' under Options.)",
	);
}

async function typedSecrets(context: Context): Promise<string[]> {
	return splitSecrets((await context.getCredentials('terraApi')).signingSecrets);
}

async function requireAdmin(context: Context): Promise<Admin> {
	const admin = await adminFor(context);
	if (!admin) throw TOKEN_MISSING;
	const { devId } = await connectionOf(context).credential();
	if (devId === admin.devId) return admin;
	throw new UserError(
		'The two credentials belong to different environments',
		`The Terra API credential has the Developer ID ${devId}, the Terra Admin API credential has ${admin.devId}. Deliveries would be signed with a secret that this trigger does not have.`,
	);
}

/** Does work at Terra, after anything already in progress there; a failure is only logged. */
async function quietly(context: IHookFunctions, work: (admin: Admin) => Promise<void>) {
	try {
		await lockFor(nodeIdOf(context))(async () => await work(await requireAdmin(context)));
	} catch (error) {
		context.logger.warn(
			"Terra Trigger could not switch off its destination. n8n now refuses Terra's deliveries; remove the destination in Terra's dashboard.",
			{ reason: error instanceof AdminError ? error.said : (error as Error).message },
		);
	}
}

async function removeUrl(admin: Admin, url: string) {
	for (const { id, url: other } of await admin.listDestinations()) {
		if (other === url) await admin.deleteDestination(id);
	}
}

/**
 * One task at a time for each node: when n8n up to 2.40 starts, it registers while the trigger compares its address; and a
 * destination that is being switched off or removed must not be found in order at the same time.
 */
const lockFor = createLock();

function wantedEventTypes(choices: string[]): string[] {
	if (choices.includes('*')) return [];
	return choices.flatMap((choice) => terraTypesOf(choice)).sort();
}

/** Whether Terra delivers to this address, as far as this node knows. */
function isServed(context: IHookFunctions): boolean {
	const address = addressOf(context);
	return address?.active === true && address.url === urlOf(context);
}

const urlOf = (context: IHookFunctions) =>
	canonicalUrl(context.getNodeWebhookUrl('default') as string);

function isAutomatic(context: Context): boolean {
	return context.getNodeParameter('registration') === 'automatic';
}
