import { asObject, asText, isObject, type JsonObject } from '../terra/json';
import { clock, within } from './clock';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface HttpRequest {
	url: string;
	method: Method;
	query?: JsonObject;
	body?: JsonObject;
	headers?: JsonObject;
	/** Whether to send the credential's keys or token. */
	withKeys: boolean;
	/** How long the whole exchange may take, to the last byte of the answer. */
	timeoutMs: number;
	/** Aborts the exchange when it is no longer needed. */
	signal?: AbortSignal;
}

export interface HttpResponse {
	statusCode: number;
	/** Parsed JSON, or text if it is not JSON. */
	body: unknown;
	headers: JsonObject;
}

/** No answer. */
export interface NoResponse {
	/** The socket's error code, such as ECONNREFUSED. */
	code: string | undefined;
	timedOut: boolean;
}

/** The values of a credential, except keys and tokens, which only n8n handles. */
export interface TerraCredential {
	baseUrl: string;
	devId: string;
}

/** What the caller provides to reach Terra. */
export interface Connection {
	/** Sends one request and resolves to the answer, whatever its status; rejects if there is none. */
	send(request: HttpRequest): Promise<HttpResponse>;
	credential(): Promise<TerraCredential>;
}

const TIMEOUT_CODES = ['ECONNABORTED', 'ETIMEDOUT'];

/**
 * One request and its answer.
 *
 * It has a deadline of its own: axios counts only idle time, and some of its versions never settle when a compressed
 * answer is damaged.
 */
export async function exchange(
	connection: Pick<Connection, 'send'>,
	request: HttpRequest,
): Promise<HttpResponse | NoResponse> {
	const stop = new AbortController();
	try {
		const sent = connection.send({ ...request, signal: stop.signal });
		const response = await within(sent, clock.deadline(request.timeoutMs));
		return response ?? { code: 'ETIMEDOUT', timedOut: true };
	} catch (error) {
		const code = socketCode(error);
		return { code, timedOut: code !== undefined && TIMEOUT_CODES.includes(code) };
	} finally {
		// Otherwise an answer that trickles in would be read for ever.
		stop.abort();
	}
}

export function isResponse(result: HttpResponse | NoResponse): result is HttpResponse {
	return 'statusCode' in result;
}

/** The socket's error code. n8n wraps the error once or twice, depending on its version. */
function socketCode(error: unknown, depth = 0): string | undefined {
	if (!isObject(error) || depth > 3) return undefined;
	const { code, httpCode } = error;
	// Newer versions of n8n put it in place of the status.
	const isSocketCode = typeof httpCode === 'string' && /^[A-Z]/.test(httpCode);
	return (
		asText(code) ??
		(isSocketCode ? httpCode : undefined) ??
		socketCode(error.cause, depth + 1) ??
		socketCode(error.error, depth + 1)
	);
}

/** Terra's message, in either of its two error formats; nothing for a web page or an empty body. */
export function terraText(body: unknown): string {
	const { detail, message, title } = asObject(body);
	const parts = [asText(title), asText(detail) ?? asText(message)];
	return [...new Set(parts.filter((part) => part !== undefined))].join(': ');
}
