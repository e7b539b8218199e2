import { asText, type JsonObject } from '../terra/json';

/** The parts of n8n's own request that Express does not have. */
export interface N8nRequest {
	body?: unknown;
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
	headers: Record<string, string | string[] | undefined>;
}

/** What Terra says about a delivery in its headers. */
export interface DeliveryDetails extends JsonObject {
	/** The same on every repetition of one delivery, different for every other. */
	trace_id: string | null;
	/** The `reference` that a historical request answered with; shared by all its deliveries. */
	terra_reference: string | null;
	/** Unix milliseconds at which Terra emitted the event: the later version of a record has the later one. */
	ordering_timestamp: number | null;
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

export function deliveryDetails(headers: N8nRequest['headers']): DeliveryDetails {
	const emitted = Number(asText(headers['x-terra-ordering-timestamp']) ?? NaN);
	return {
		trace_id: asText(headers['x-terra-trace-id']) ?? null,
		terra_reference: asText(headers['terra-reference']) ?? null,
		ordering_timestamp: Number.isSafeInteger(emitted) && emitted >= 0 ? emitted : null,
	};
}
