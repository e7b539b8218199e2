import { asText, type JsonObject } from '../terra/json';

/** The parts of n8n's request that Express does not have. */
export interface N8nRequest {
	body?: unknown;
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
	headers: Record<string, string | string[] | undefined>;
}

const JSON_TYPE = /^\s*application\/json\b/i;

/** What Terra says about a delivery in its headers. */
export interface DeliveryDetails extends JsonObject {
	/** The same on every retry of a delivery, different for every other. */
	trace_id: string | null;
	/** The `reference` in the answer to a request for history; all its deliveries share it. */
	terra_reference: string | null;
	/** Unix milliseconds at which Terra emitted the event: the later version of a record has the later one. */
	ordering_timestamp: number | null;
}

/** n8n keeps the bytes for the content types that it parses; for others they are still unread. */
export async function rawBodyOf(request: N8nRequest): Promise<Buffer | undefined> {
	if (!request.rawBody) await request.readRawBody?.().catch(() => undefined);
	return request.rawBody;
}

/**
 * The parsed body. It is parsed here from the verified bytes, unless n8n has parsed it because the content type says JSON.
 * (n8n parses a form differently.)
 */
export async function bodyOf(request: N8nRequest): Promise<unknown> {
	const contentType = asText(request.headers['content-type']) ?? '';
	const isParsed = typeof request.body === 'object' && request.body !== null;
	if (isParsed && JSON_TYPE.test(contentType)) return request.body;
	try {
		const text = (await rawBodyOf(request))?.toString('utf8') ?? '';
		return JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch {
		return isParsed && !request.rawBody ? request.body : undefined;
	}
}

/**
 * Releases a body that is no longer needed. A request lives until n8n has stored its execution: otherwise sixty of 10 MB
 * would be in memory at the same time, both as bytes and parsed.
 */
export function releaseBody(request: N8nRequest): void {
	request.body = undefined;
	request.rawBody = undefined;
}

/** For an event that did not come in a delivery. */
export const NO_DELIVERY: DeliveryDetails = {
	trace_id: null,
	terra_reference: null,
	ordering_timestamp: null,
};

export function deliveryDetails(headers: N8nRequest['headers']): DeliveryDetails {
	const emitted = Number(asText(headers['x-terra-ordering-timestamp']) ?? NaN);
	return {
		trace_id: asText(headers['x-terra-trace-id']) ?? null,
		terra_reference: asText(headers['terra-reference']) ?? null,
		ordering_timestamp: Number.isSafeInteger(emitted) && emitted >= 0 ? emitted : null,
	};
}
