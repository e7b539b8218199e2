import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Signature {
	/** The text of `t`, exactly as sent: it is part of what was signed. */
	timestamp: string;
	/** The values of `v1`, as bytes. Terra may send several while a secret is being replaced. */
	digests: Buffer[];
}

const SHA256_HEX = /^[0-9a-f]{64}$/i;
// Longer than any date in milliseconds, short enough to stay an exact number.
const TIMESTAMP = /^\d{1,15}$/;

/**
 * Reads `t=<unix time>,v1=<hex>[,v1=<hex>…]`. Other schemes (`v0`, …) are ignored.
 *
 * @returns undefined when there is no usable timestamp or no usable `v1`
 * @see https://docs.tryterra.co/reference/signing
 */
export function parseSignature(header: unknown): Signature | undefined {
	if (typeof header !== 'string') return undefined;

	const timestamps = new Set<string>();
	const digests: Buffer[] = [];
	for (const part of header.split(',')) {
		const [scheme, value = ''] = part.trim().split('=', 2);
		if (scheme === 't') timestamps.add(value);
		if (scheme === 'v1' && SHA256_HEX.test(value)) digests.push(Buffer.from(value, 'hex'));
	}

	// Node joins a header that was sent twice. With two different times it is unclear which one was signed.
	const [timestamp] = timestamps;
	if (timestamps.size !== 1 || !timestamp || !TIMESTAMP.test(timestamp)) return undefined;
	if (digests.length === 0) return undefined;
	return { timestamp, digests };
}

/**
 * Checks that any of the secrets made any of the signature's digests over exactly these bytes.
 *
 * @returns the digest that proves it, in hex; undefined if none does
 */
export function verifySignature(
	signature: Signature,
	rawBody: Buffer,
	secrets: string[],
): string | undefined {
	for (const secret of secrets) {
		const expected = createHmac('sha256', secret)
			.update(`${signature.timestamp}.`)
			.update(rawBody)
			.digest();
		if (signature.digests.some((digest) => timingSafeEqual(digest, expected))) {
			return expected.toString('hex');
		}
	}
	return undefined;
}

/** Splits what a person typed into the credential: secrets separated by line breaks, spaces or commas. */
export function splitSecrets(text: unknown): string[] {
	const parts = [text].flat().filter((part) => ['string', 'number'].includes(typeof part));
	return parts.flatMap((part) => String(part).split(/[\s,]+/)).filter((secret) => secret !== '');
}
