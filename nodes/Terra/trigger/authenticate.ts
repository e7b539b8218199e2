import { Answer } from '../inbox';
import { clock } from '../transport';
import { rawBodyOf, type N8nRequest } from './request';
import type { SigningSecrets } from './secrets';
import { parseSignature, verifySignature, type Signature } from './signature';
import { HOUR_MS } from '../terra/durations';

/** Terra retries a delivery for about a day, and does not document whether it signs each attempt anew. */
const MAX_AGE_HOURS = 48;

/** A delivery that Terra signed. */
export interface Authentic {
	/** The digest that was verified; missing if verification is switched off. */
	digest?: string;
}

/**
 * Lets a delivery pass if Terra signed exactly these bytes, not too long ago.
 *
 * @returns the proof, or the answer that refuses the delivery
 */
export async function authenticate(
	request: N8nRequest,
	signingSecrets: SigningSecrets,
): Promise<Authentic | Answer> {
	const header = request.headers['x-terra-signature'] ?? request.headers['terra-signature'];
	if (!header) return new Answer(401, 'The X-Terra-Signature header is missing.');
	const signature = parseSignature(header);
	if (!signature) {
		return new Answer(401, 'The X-Terra-Signature header is not of the form t=…,v1=….');
	}

	const rawBody = await rawBodyOf(request);
	if (!rawBody) {
		return new Answer(401, 'The body cannot be verified in this content type: send JSON.');
	}
	const secrets = await signingSecrets.known();
	let digest = verifySignature(signature, rawBody, secrets);
	if (digest === undefined) {
		// Somebody may have rotated the secret in Terra's dashboard.
		const renewed = await signingSecrets.renewed();
		if (renewed) digest = verifySignature(signature, rawBody, renewed);
		if (digest === undefined && secrets.length === 0 && !renewed?.length) {
			return new Answer(
				401,
				'No Signing Secret is set in the Terra API credential of this workflow.',
			);
		}
	}
	if (digest === undefined) {
		return new Answer(
			401,
			'The signature does not match: either the Signing Secret belongs to another destination or environment, or something between Terra and n8n changed the body.',
		);
	}
	const age = ageInHours(signature);
	// Not a 4xx: Terra would retry it, and finally disable the destination.
	return age > MAX_AGE_HOURS
		? new Answer(200, `dropped: signed ${Math.floor(age)} hours ago`, 'dropped')
		: { digest };
}

/** `t` is in seconds; an older Terra product wrote milliseconds. */
function ageInHours({ timestamp }: Signature): number {
	const time = Number(timestamp);
	return (clock.now() - (time > 1e11 ? time : time * 1000)) / HOUR_MS;
}
