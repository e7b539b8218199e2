import { Answer } from '../inbox';
import { parseEvent, type TerraEvent } from '../terra/events';
import { clock, within } from '../transport';

/** Terra gives up on an answer after 8 seconds. */
const TIME_BUDGET_MS = 6_000;
const MAX_BYTES = 64 * 1024 * 1024;
const DEFAULT_HOST = 'amazonaws.com';

/** Starts a download; the body arrives in pieces. */
export type Download = (
	url: string,
	timeoutMs: number,
	signal: AbortSignal,
) => Promise<{ statusCode: number; body: AsyncIterable<Buffer> }>;

/** The payload, or why it could not be fetched: that goes to Terra's delivery log, so it never contains the URL. */
type Fetched = { payload: unknown } | { failure: string; isFinal?: true };

/**
 * Reads the event that a ping (`s3_payload`) points to: the one that Terra would have pushed.
 *
 * @param extraHosts hosts that the user added; their subdomains count too
 * @returns the event, or the answer if there is none
 */
export async function readPing(
	ping: TerraEvent,
	extraHosts: string[],
	download: Download,
): Promise<TerraEvent | Answer> {
	const fetched = await fetchPayload(ping, extraHosts, download);
	if ('payload' in fetched) {
		const notAnEvent = new Answer(503, 'not kept: the payload is not a Terra event');
		return parseEvent(fetched.payload) ?? notAnEvent;
	}
	// A bad address never becomes valid, so a retry cannot help: a 503 could only make Terra switch the webhook off.
	return fetched.isFinal
		? new Answer(200, `dropped: ${fetched.failure}`, 'dropped')
		: new Answer(503, `not kept: ${fetched.failure}`);
}

/**
 * The address comes from outside, so it is followed only to where payloads are kept: by https, to an Amazon host or one
 * that the user added, never to a private address, and without redirects. It is pre-signed, so Terra's keys are not sent.
 *
 * @see https://docs.tryterra.co for the delivery mode "Ping"
 */
async function fetchPayload(
	{ body }: TerraEvent,
	extraHosts: string[],
	download: Download,
): Promise<Fetched> {
	const url = URL.canParse(String(body.url)) ? new URL(String(body.url)) : undefined;
	if (!url) return { failure: 'the ping has no usable address', isFinal: true };
	const refusal = refusalOf(url, [DEFAULT_HOST, ...extraHosts]);
	if (refusal) return { failure: refusal, isFinal: true };

	try {
		const deadline = clock.deadline(TIME_BUDGET_MS);
		const text = await within(readAll(url, download, deadline), deadline);
		if (text === undefined) return { failure: lateAt(url) };
		return 'failure' in text ? text : { payload: JSON.parse(text.payload) as unknown };
	} catch (error) {
		return {
			failure:
				error instanceof SyntaxError ? `the payload at ${url.host} is not JSON` : lateAt(url),
		};
	}
}

function lateAt({ host }: URL): string {
	return `the payload at ${host} could not be fetched in time`;
}

async function readAll(
	url: URL,
	download: Download,
	signal: AbortSignal,
): Promise<{ payload: string } | { failure: string }> {
	const { statusCode, body } = await download(url.href, TIME_BUDGET_MS, signal);
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
	if (isPrivate(url.hostname)) return "the payload's address is private";
	const known = hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
	if (known) return undefined;
	return `the payload's host ${url.hostname} is not allowed: if it is Terra's, add it under 'Payload Hosts'`;
}

/** URL has already normalised every spelling of an IPv4 address. */
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
