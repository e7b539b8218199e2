import type {
	IDataObject,
	IHookFunctions,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import type { Created } from './destination';

/**
 * What a trigger stores about its registration in the workflow's static data. These are only hints, since a worker of n8n
 * 2.41 may replace all of it; and, with older deployments of Terra's Admin API, a secret.
 */

/** A destination with its own secret, which an older deployment of Terra's Admin API showed once. */
interface OwnDestination extends IDataObject {
	id: string;
	/** The workflow that created it: a copy of the workflow that includes its static data must not touch it. */
	owner: string;
	signingSecret: string;
}

/** The last address given to Terra. A hint for cleaning up and for noticing a change: Terra's list decides. */
interface Address extends IDataObject {
	owner: string;
	url: string;
	active: boolean;
}

type Context = IHookFunctions | ITriggerFunctions;

/** The destination's own secret, if this node created one. */
export function registeredSecret(context: IWebhookFunctions): string | undefined {
	const { registration } = context.getWorkflowStaticData('node');
	return (registration as OwnDestination | undefined)?.signingSecret;
}

export function ownerOf(context: Context): string {
	return `${context.getInstanceId()}:${context.getWorkflow().id}`;
}

/** Whether n8n is starting, as opposed to a person publishing. */
export const isStart = (context: Context): boolean =>
	['init', 'leadershipChange'].includes(context.getActivationMode());

/** What is stored, unless it came with a copy of another workflow. */
export function addressOf(context: Context): Address | undefined {
	const stored = context.getWorkflowStaticData('node').address as Address | undefined;
	return stored?.owner === ownerOf(context) ? stored : undefined;
}

export function ownDestination(context: Context): OwnDestination | undefined {
	const stored = context.getWorkflowStaticData('node').registration as OwnDestination | undefined;
	return stored?.owner === ownerOf(context) ? stored : undefined;
}

/** @param url where Terra delivers from now on */
export function noteAddress(context: IHookFunctions, url: string): void {
	if (context.getMode() === 'manual') return;
	const address: Address = { owner: ownerOf(context), url, active: true };
	context.getWorkflowStaticData('node').address = address;
}

/** Terra no longer delivers there, as far as this node knows. */
export function noteInactive(context: IHookFunctions): void {
	const address = addressOf(context);
	if (address) context.getWorkflowStaticData('node').address = { ...address, active: false };
}

/** Keeps a secret that Terra shows only now. */
export function noteOwn(context: IHookFunctions, created: Created): void {
	const { id, signingSecret } = created ?? {};
	if (!id || !signingSecret) return;
	const own: OwnDestination = { id, owner: ownerOf(context), signingSecret };
	context.getWorkflowStaticData('node').registration = own;
}
