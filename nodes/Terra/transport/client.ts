import type { JsonObject } from '../terra/json';
import { UserError } from '../terra/userError';
import { answerIn, type Answer, type FinalAnswer, type ReadBody } from './answer';
import { explainUserRefused, isAboutUser, type Subject } from './errors';
import { exchange, isResponse, type Connection, type Method } from './exchange';
import { retried, type Retry } from './retry';
import { joinUrl } from './url';

export interface TerraRequest<T> {
	path: string;
	/** A base URL other than the credential's, derived from it. */
	base?: (baseUrl: string) => string;
	method?: Method;
	query?: JsonObject;
	body?: JsonObject;
	/** Whether the endpoint is public: those take only the Developer ID. */
	isPublic?: boolean;
	/** What errors are about. */
	about: Subject;
	/** Reads the body of a success. */
	read: ReadBody<T>;
	timeoutMs?: number;
}

export interface Client {
	/**
	 * Sends a request to Terra.
	 *
	 * @param retry how to wait and retry; only for requests that are safe to repeat
	 */
	ask<T>(request: TerraRequest<T>, retry?: Retry): Promise<FinalAnswer<T>>;

	/** As `ask`, if only data is useful. @throws TerraError */
	get<T>(request: TerraRequest<T>, retry?: Retry): Promise<T>;

	readonly connection: Connection;
}

/** Callbacks and signals of a client. */
export interface ClientEvents {
	/** Before each wait. */
	onWait?: (ms: number, reason: UserError) => void;
	/** Aborts when the execution is cancelled. */
	signal?: AbortSignal;
}

/** Longer than the 30 s after which Terra's gateway gives up, so that its answer can be read. */
const TIMEOUT_MS = 60_000;

export function createClient(
	connection: Connection,
	{ onWait, signal }: ClientEvents = {},
): Client {
	let wasAccepted = false;
	const assertNotCancelled = () => {
		if (signal?.aborted) throw new UserError('The execution was cancelled');
	};

	const send = async <T>(request: TerraRequest<T>, retry?: Retry): Promise<Answer<T>> => {
		assertNotCancelled();
		const { path, base, method = 'GET', query, body, isPublic = false } = request;
		const { baseUrl, devId } = await connection.credential();
		const response = await exchange(connection, {
			url: joinUrl(base ? base(baseUrl) : baseUrl, path),
			method,
			query,
			body,
			...(isPublic && { headers: { 'dev-id': devId } }),
			withKeys: !isPublic,
			timeoutMs: request.timeoutMs ?? TIMEOUT_MS,
		});
		assertNotCancelled();
		if (isResponse(response)) retry?.budget?.learn(response.headers);
		if (!isResponse(response) || isPublic) return answerIn(response, request.about, request.read);

		if (response.statusCode < 300) wasAccepted = true;
		// Terra has accepted the credential before, so what it refuses is this connection.
		if (response.statusCode === 401 && wasAccepted && isAboutUser(request.about)) {
			return { kind: 'refused', error: explainUserRefused(response) };
		}
		return answerIn(response, request.about, request.read);
	};

	const ask: Client['ask'] = async (request, retry) =>
		await retried(async () => await send(request, retry), retry, { onWait, signal });

	return {
		connection,
		ask,
		get: async (request, retry) => {
			const answer = await ask(request, retry);
			if (answer.kind === 'data') return answer.value;
			throw answer.error;
		},
	};
}
