import type { IWebhookFunctions } from 'n8n-workflow';
import { nodeIdOf, putLast } from '../inbox';
import { environmentSecret, renewEnvironmentSecret } from '../n8n';
import { clock, within } from '../transport';
import { registeredSecret } from './registrationNotes';
import { splitSecrets } from './signature';

/**
 * How long to cache what was read from a credential. For each read n8n asks its database, decrypts, and prepares to
 * evaluate expressions, which costs more than everything else about a forged delivery. A second makes a flood cheap, and
 * is short enough when a secret is changed: Terra retries what is refused until then.
 */
const CACHE_MS = 1_000;

/** Far more triggers than any n8n has; the least recently used are forgotten first. */
const MAX_READS = 1_000;

/** Anybody can send a wrong signature: Terra is asked for a new secret no more often than this. */
const RENEW_EVERY_MS = 60_000;
/** Well below the 8 seconds after which Terra gives up. */
const RENEW_WITHIN_MS = 4_000;

interface CachedRead {
	at: number;
	read: Promise<string[]>;
}

const reads = new Map<string, CachedRead>();
/** Unix milliseconds, by credential. */
const renewedAt = new Map<string, number>();

/** The secrets to verify with. */
export interface SigningSecrets {
	/** Those in the credentials, and that of a destination created by this node. */
	known(): Promise<string[]>;
	/** Asks Terra again, if it may be asked. @returns the secrets; undefined if there is nothing new to know */
	renewed(): Promise<string[] | undefined>;
}

export function signingSecrets(context: IWebhookFunctions): SigningSecrets {
	return {
		known: async () => withRegistered(context, await cached(context)),
		async renewed() {
			const credential = adminCredentialOf(context);
			if (credential === undefined) return undefined;
			const now = clock.now();
			if (now - (renewedAt.get(credential) ?? -Infinity) < RENEW_EVERY_MS) return undefined;
			putLast(renewedAt, credential, now, MAX_READS);
			const deadline = clock.deadline(RENEW_WITHIN_MS);
			// If anything goes wrong here, the delivery is checked with the known secrets.
			const renewal = renewEnvironmentSecret(context, deadline).catch(() => undefined);
			await within(renewal, deadline);
			reads.delete(keyOf(context));
			return withRegistered(context, await cached(context));
		},
	};
}

function withRegistered(context: IWebhookFunctions, secrets: string[]): string[] {
	const own = registeredSecret(context);
	return own ? [...secrets, own] : secrets;
}

async function cached(context: IWebhookFunctions): Promise<string[]> {
	const key = keyOf(context);
	const known = reads.get(key);
	const now = clock.now();
	if (known && now - known.at < CACHE_MS) return await known.read;

	const read = readSecrets(context);
	putLast(reads, key, { at: now, read }, MAX_READS);
	// A failure is not kept: the next delivery tries again.
	read.catch(() => reads.delete(key));
	return await read;
}

async function readSecrets(context: IWebhookFunctions): Promise<string[]> {
	const { signingSecrets: typed } = await context.getCredentials('terraApi');
	// By Hand, n8n refuses to read an Admin API credential that the node still has from before.
	const fetched = await environmentSecret(context).catch(() => '');
	return [...splitSecrets(typed), ...(fetched ? [fetched] : [])];
}

function adminCredentialOf(context: IWebhookFunctions): string | undefined {
	return context.getNode().credentials?.terraAdminApi?.id ?? undefined;
}

function keyOf(context: IWebhookFunctions): string {
	const node = context.getNode();
	const { credentials } = node;
	return [nodeIdOf(context, node), credentials?.terraApi?.id, credentials?.terraAdminApi?.id].join(
		':',
	);
}
