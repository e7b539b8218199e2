import type { IWebhookFunctions } from 'n8n-workflow';
import { registeredSecret } from './registration';
import { splitSecrets } from './signature';

/**
 * So long, in milliseconds, what was read from the credential is taken as it was. For every reading n8n asks its
 * database, decrypts, and prepares to evaluate expressions, which costs more than all else that a forged delivery
 * does. A second makes a flood cheap, and is soon enough for a secret that was changed or taken away: whatever is
 * refused until then comes again.
 */
const FRESH_MS = 1_000;

interface Reading {
	at: number;
	typed: Promise<unknown>;
}

const readings = new Map<string, Reading>();

/** The secrets to verify with: those of the credential, and that of a destination which this node created. */
export async function signingSecrets(context: IWebhookFunctions): Promise<string[]> {
	const own = registeredSecret(context);
	return [...splitSecrets(await typedSecrets(context)), ...(own ? [own] : [])];
}

async function typedSecrets(context: IWebhookFunctions): Promise<unknown> {
	const { id, credentials } = context.getNode();
	const key = [context.getWorkflow().id, id, credentials?.terraApi?.id].join(':');
	const known = readings.get(key);
	const now = Date.now();
	if (known && now - known.at < FRESH_MS) return await known.typed;

	const typed = context.getCredentials('terraApi').then(({ signingSecrets: text }) => text);
	readings.set(key, { at: now, typed });
	// A failure is not kept: the next delivery tries again.
	typed.catch(() => readings.delete(key));
	return await typed;
}
