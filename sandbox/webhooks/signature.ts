import { createHmac } from 'node:crypto';

/** Lower-case hex of HMAC-SHA256 over `<t>.<raw bytes>`. */
function signatureOf(secret: string, body: Buffer, timestamp: number | string): string {
	return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
}

/** The value of `x-terra-signature`. */
export function signatureHeader(secret: string, body: Buffer, timestamp: number | string): string {
	return `t=${timestamp},v1=${signatureOf(secret, body, timestamp)}`;
}
