import type { IWebhookFunctions } from 'n8n-workflow';
import type { TerraEvent } from '../terra/events';

/** Terra gives up on an answer after 8 seconds. */
const TIME_BUDGET_MS = 6_000;
const MAX_BYTES = 64 * 1024 * 1024;
const DEFAULT_HOST = 'amazonaws.com';

/** What was fetched, or why not: in words fit for Terra's delivery log, so never with the URL in them. */
export type Fetched = { payload: unknown } | { failure: string };

/**
 * Fetches what a ping (`s3_payload`) points to: the event that Terra would have pushed.
 *
 * The address comes from outside, so it is only followed where payloads are kept: by https, to a host of
 * Amazon's or one that the user added, to no private address, and without redirects. It is pre-signed: Terra's
 * keys are not sent.
 *
 * @param extraHosts hosts that the user added; their subdomains count too
 * @see https://docs.tryterra.co for the delivery mode "Ping"
 */
export async function fetchPayload(
	this: IWebhookFunctions,
	{ body }: TerraEvent,
	extraHosts: string[],
): Promise<Fetched> {
	const url = URL.canParse(String(body.url)) ? new URL(String(body.url)) : undefined;
	if (!url) return { failure: 'the ping has no usable address' };
	const refusal = refusalOf(url, [DEFAULT_HOST, ...extraHosts]);
	if (refusal) return { failure: refusal };

	try {
		const text = await download.call(this, url.href);
		return 'failure' in text ? text : { payload: JSON.parse(text.payload) as unknown };
	} catch (error) {
		return {
			failure:
				error instanceof SyntaxError
					? `the payload at ${url.host} is not JSON`
					: `the payload at ${url.host} could not be fetched in time`,
		};
	}
}

async function download(
	this: IWebhookFunctions,
	url: string,
): Promise<{ payload: string } | { failure: string }> {
	const { statusCode, body } = (await this.helpers.httpRequest({
		url,
		encoding: 'stream',
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
		timeout: TIME_BUDGET_MS,
		abortSignal: AbortSignal.timeout(TIME_BUDGET_MS),
	})) as { statusCode: number; body: AsyncIterable<Buffer> };
	if (statusCode !== 200) return { failure: `the payload's host answered ${statusCode}` };

	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > MAX_BYTES) return { failure: 'the payload is larger than 64 MB' };
		chunks.push(chunk);
	}
	return { payload: Buffer.concat(chunks).toString('utf8') };
}

/** @returns which rule the address breaks, if any */
export function refusalOf(url: URL, hosts: string[]): string | undefined {
	if (url.protocol !== 'https:') return "the payload's address is not https";
	if (isPrivate(url.hostname)) return "the payload's address is a private one";
	const known = hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
	if (known) return undefined;
	return `the payload's host ${url.hostname} is not allowed: if it is Terra's, add it under 'Payload Hosts'`;
}

/** URL has already brought every spelling of an IPv4 address into the usual one. */
function isPrivate(hostname: string): boolean {
	if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
	// No payload is served from a bare IPv6 address: all are refused.
	if (hostname.startsWith('[')) return true;
	const parts = hostname.split('.').map(Number);
	if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part))) return false;
	const [a, b] = parts as [number, number];
	return (
		a === 0 ||
		a === 10 ||
		a === 127 ||
		(a === 100 && b >= 64 && b < 128) ||
		(a === 169 && b === 254) ||
		(a === 172 && b >= 16 && b < 32) ||
		(a === 192 && b === 168) ||
		a >= 224
	);
}
