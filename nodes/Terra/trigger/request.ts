import { asText } from '../terra/json';
import type { DeliveryDetails } from './items';

/** The parts of n8n's own request that Express does not have. */
export interface N8nRequest {
	body?: unknown;
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
	headers: Record<string, string | string[] | undefined>;
	ip?: string;
}

/** n8n keeps the bytes for the content types that it parses; for others they wait to be read. */
export async function rawBodyOf(request: N8nRequest): Promise<Buffer | undefined> {
	if (!request.rawBody) await request.readRawBody?.().catch(() => undefined);
	return request.rawBody;
}

/** The parsed body; n8n has done the work already where the content type says JSON. */
export async function bodyOf(request: N8nRequest): Promise<unknown> {
	if (typeof request.body === 'object' && request.body !== null) return request.body;
	try {
		return JSON.parse((await rawBodyOf(request))?.toString('utf8') ?? '');
	} catch {
		return undefined;
	}
}

/** What Terra says about the delivery in its headers. */
export function deliveryDetails(headers: N8nRequest['headers']): DeliveryDetails {
	const emitted = Number(asText(headers['x-terra-ordering-timestamp']) ?? NaN);
	return {
		trace_id: asText(headers['x-terra-trace-id']) ?? null,
		terra_reference: asText(headers['terra-reference']) ?? null,
		ordering_timestamp: Number.isSafeInteger(emitted) && emitted >= 0 ? emitted : null,
	};
}

/**
 * Tells whether n8n accepted the delivery: it has stored the execution before it answers 2xx (from n8n 2.8 on).
 * The response's own events would not do: none comes after a sender that has hung up.
 */
export function whenAnswered(
	response: { statusCode: number; end: unknown },
	tell: (accepted: boolean) => void,
) {
	const end = response.end as (...args: unknown[]) => unknown;
	response.end = function (this: unknown, ...args: unknown[]) {
		tell(response.statusCode < 300);
		return end.apply(this, args);
	};
}
