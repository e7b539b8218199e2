import type { IWebhookFunctions } from 'n8n-workflow';
import { Answer } from './answer';
import { DEFAULT_MAX_AGE_HOURS, splitList, type Options } from './options';
import { rawBodyOf, type N8nRequest } from './request';
import { signingSecrets } from './secrets';
import { parseSignature, verifySignature, type Signature } from './signature';

const HOUR_MS = 3_600_000;

export interface Genuine {
	/** The valid digest; missing where verification is switched off. */
	digest?: string;
}

/**
 * Lets a delivery pass if Terra signed exactly these bytes, not too long ago.
 *
 * @returns what proves it, or the answer that keeps the delivery out
 */
export async function verify(
	this: IWebhookFunctions,
	request: N8nRequest,
	options: Options,
): Promise<Genuine | Answer> {
	if (!isAllowedAddress(request.ip, options.allowedAddresses)) {
		return new Answer(401, `The address ${request.ip} is not among the 'Allowed Addresses'.`);
	}
	if (options.verifySignature === false) return {};

	const header = request.headers['x-terra-signature'] ?? request.headers['terra-signature'];
	if (!header) return new Answer(401, 'The X-Terra-Signature header is missing.');
	const signature = parseSignature(header);
	if (!signature) {
		return new Answer(401, 'The X-Terra-Signature header is not of the form t=…,v1=….');
	}

	const secrets = await signingSecrets(this);
	if (secrets.length === 0) {
		return new Answer(
			401,
			'No Signing Secret is set in the Terra API credential of this workflow.',
		);
	}
	const rawBody = await rawBodyOf(request);
	if (!rawBody) {
		return new Answer(401, 'The body cannot be verified in this content type: send JSON.');
	}
	const digest = verifySignature(signature, rawBody, secrets);
	if (digest === undefined) {
		return new Answer(
			401,
			'The signature does not match: either the Signing Secret is of another destination or environment, or something between Terra and n8n changed the body.',
		);
	}

	const age = ageInHours(signature);
	const maxAge = options.maxAgeHours ?? DEFAULT_MAX_AGE_HOURS;
	if (maxAge > 0 && age > maxAge) {
		// Not a 4xx: Terra would send it again and again, and disable the destination in the end.
		const text = `dropped: signed ${Math.floor(age)} hours ago`;
		this.logger.warn(`Terra Trigger ${text}, more than 'Maximum Age' allows`);
		return new Answer(200, text);
	}
	return { digest };
}

/** The address that n8n sees: behind a proxy it is the sender's only if n8n knows of the proxy (N8N_PROXY_HOPS). */
function isAllowedAddress(address: string | undefined, allowed: unknown): boolean {
	const list = splitList(allowed);
	return list.length === 0 || list.includes(String(address).replace(/^::ffff:/, ''));
}

/** `t` is in seconds; an older product of Terra's wrote milliseconds. */
function ageInHours({ timestamp }: Signature): number {
	const time = Number(timestamp);
	return (Date.now() - (time > 1e11 ? time : time * 1000)) / HOUR_MS;
}
