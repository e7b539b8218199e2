import { createHmac } from 'node:crypto';

/** Lower-case hex of HMAC-SHA256 over `<t>.<raw bytes>`. */
function signatureOf(secret: string, body: Buffer, timestamp: number | string): string {
	return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
}

/** The value of `x-terra-signature`: one `v1` for each secret. */
export function signatureHeader(
	secrets: readonly string[],
	body: Buffer,
	timestamp: number | string,
): string {
	const signatures = secrets.map((secret) => `v1=${signatureOf(secret, body, timestamp)}`);
	return [`t=${timestamp}`, ...signatures].join(',');
}
