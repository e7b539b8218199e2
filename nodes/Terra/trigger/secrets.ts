import type { IWebhookFunctions } from 'n8n-workflow';
import { clock } from '../transport';
import { registeredSecret } from './registration';
import { splitSecrets } from './signature';

/**
 * How long a credential read is cached. For each read n8n asks its database, decrypts, and prepares to evaluate
 * expressions, which costs more than all else that a forged delivery does. A second makes a flood cheap, and is soon
 * enough for a secret that was changed or taken away: Terra retries whatever is refused until then.
 */
const CACHE_MS = 1_000;

/** Far more triggers than one n8n has. */
const MOST_READS = 1_000;

interface CachedRead {
	at: number;
	typed: Promise<unknown>;
}

const reads = new Map<string, CachedRead>();

/** The secrets to verify with: those of the credential, and that of a destination which this node created. */
export async function signingSecrets(context: IWebhookFunctions): Promise<string[]> {
	const own = registeredSecret(context);
	return [...splitSecrets(await typedSecrets(context)), ...(own ? [own] : [])];
}

async function typedSecrets(context: IWebhookFunctions): Promise<unknown> {
	const { id, credentials } = context.getNode();
	const key = [context.getWorkflow().id, id, credentials?.terraApi?.id].join(':');
	const known = reads.get(key);
	const now = clock.now();
	if (known && now - known.at < CACHE_MS) return await known.typed;

	const typed = context.getCredentials('terraApi').then(({ signingSecrets: text }) => text);
	// In the order of reading, so that the oldest go first.
	reads.delete(key);
	reads.set(key, { at: now, typed });
	if (reads.size > MOST_READS) reads.delete(reads.keys().next().value!);
	// A failure is not kept: the next delivery tries again.
	typed.catch(() => reads.delete(key));
	return await typed;
}
