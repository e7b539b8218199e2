import { randomUUID } from 'node:crypto';
import { asObject, asText, isObject, type JsonObject } from '../terra/json';
import { UserError } from '../terra/userError';
import { wordsIn } from './answer';
import {
	exchange,
	isResponse,
	terraText,
	type Connection,
	type HttpResponse,
	type Method,
} from './exchange';
import { canonicalUrl, joinUrl } from './url';

/** A webhook destination of one environment, as the Admin API describes it. */
export interface Destination {
	id: string;
	url: string;
	active: boolean;
	/** Empty means all. */
	eventTypes: string[];
}

/** A personal access token. */
export interface Token {
	scopes: string[];
	/** The environments it is valid for; null for all environments of the account. */
	devIds: string[] | null;
	/** Unix milliseconds; undefined if it does not expire. */
	expiresAt: number | undefined;
}

/** A made-up event, as Terra dispatched it. */
export interface GeneratedEvent {
	eventId: string | undefined;
	payload: JsonObject;
}

/** An answer of the Admin API that is not a success. */
export class AdminError extends UserError {
	constructor(
		/** 0 if there was no answer. */
		readonly status: number,
		/** Terra's message, or the socket's code. */
		readonly said: string,
		/** Terra's code for the problem, such as `scope_missing`; undefined if the answer has none. */
		readonly code?: string,
	) {
		super("Terra's Admin API did not accept the request", said);
		this.name = 'AdminError';
	}

	/** Whether this deployment of the Admin API lacks the endpoint: its 404 is not a problem document. */
	get isUnknownPath(): boolean {
		return this.status === 404 && this.code === undefined;
	}
}

/**
 * The parts of Terra's Admin API that the nodes use. It takes a personal access token instead of the API key.
 *
 * @see https://docs.tryterra.co/reference/admin-api
 * @throws AdminError from every method
 */
export interface Admin {
	/** The environment. */
	devId: string;
	/** What the token may do. */
	token(): Promise<Token>;
	listDestinations(): Promise<Destination[]>;
	/**
	 * Creates a destination that receives every event and signs with the environment's secret, or with its own if Terra
	 * does not offer the former.
	 */
	createDestination(url: string): Promise<{ id: string; signingSecret?: string }>;
	/** @returns false when there is no such destination (any more) */
	updateDestination(id: string, change: DestinationChange): Promise<boolean>;
	/** Deletes a destination, or finds it gone already. */
	deleteDestination(id: string): Promise<void>;
	/** The secret that a destination signs with; null for the environment's. */
	secretOf(id: string): Promise<string | null>;
	/** The secret that the environment signs with; undefined if it has none. */
	environmentSecret(): Promise<string | undefined>;
	/** The format in which data is sent, `json` for Terra's own; undefined if Terra does not say. */
	format(): Promise<string | undefined>;
	/** Whether activities are sent with their samples; undefined if Terra does not say. */
	sendsSamples(): Promise<boolean | undefined>;
	/** Attempts to deliver to a destination in the last 24 hours. */
	statistics(id: string): Promise<{ attempts: number; failed: number }>;
	/** Makes Terra generate an event and send it to the destination; in a dry run it is not sent. */
	generate(event: GenerateRequest): Promise<GeneratedEvent>;
}

export interface DestinationChange {
	active?: boolean;
	url?: string;
	eventTypes?: string[];
}

export interface GenerateRequest {
	type: string;
	/** As Terra's data API writes it, such as XERT. */
	provider: string;
	destinationId: string;
	dryRun: boolean;
}

interface Call {
	query?: JsonObject;
	body?: JsonObject;
	/** Error statuses that count as answers. */
	accept?: number[];
}

const TIMEOUT_MS = 20_000;
const PAGE_SIZE = 100;

/** Far more than the few destinations that Terra allows. */
const MAX_PAGES = 50;

/** @param connection with a Terra Admin API credential */
export async function adminOf(connection: Connection): Promise<Admin> {
	const { baseUrl, devId } = await connection.credential();
	const environment = `/environments/${encodeURIComponent(devId)}`;
	const destinations = `${environment}/unified-api/destinations`;
	const pathOf = (id: string) => `${destinations}/${encodeURIComponent(id)}`;

	const call = async (
		method: Method,
		path: string,
		{ query, body, accept = [] }: Call = {},
	): Promise<HttpResponse> => {
		// Terra gives a retry with the same key the same answer as the first request.
		const headers = method === 'GET' ? undefined : { 'idempotency-key': randomUUID() };
		const request = {
			url: joinUrl(baseUrl, path),
			method,
			query,
			body,
			headers,
			withKeys: true,
			timeoutMs: TIMEOUT_MS,
		};
		const response = await exchange(connection, request);
		if (!isResponse(response)) throw new AdminError(0, response.code ?? 'no answer');
		const { statusCode } = response;
		if (accept.includes(statusCode)) return response;
		if (statusCode < 200 || statusCode >= 300) throw refusalIn(response);
		if (isRefusal(response.body)) throw unexpected(response.body);
		return response;
	};
	const read = async (path: string, query?: JsonObject) =>
		asObject((await call('GET', path, { query })).body);
	const create = async (body: JsonObject) => {
		const answer = asObject((await call('POST', destinations, { body })).body);
		const id = asText(answer.id);
		if (id === undefined || answer.active === false) throw unexpected(answer);
		return { id, signingSecret: asText(answer.signing_secret) };
	};

	return {
		devId,

		async token() {
			const answer = await read('/me');
			const { scopes, dev_ids, expires_at } = answer;
			if (!Array.isArray(scopes)) throw unexpected(answer);
			const expiry = Date.parse(asText(expires_at) ?? '');
			return {
				scopes: scopes.map(String),
				devIds: Array.isArray(dev_ids) ? dev_ids.map(String) : null,
				expiresAt: Number.isNaN(expiry) ? undefined : expiry,
			};
		},

		async listDestinations() {
			const found: Destination[] = [];
			const cursors = new Set<string>();
			let cursor: string | undefined;
			do {
				const body = await read(destinations, { limit: PAGE_SIZE, cursor });
				const { data, has_more, next_cursor } = body;
				if (!Array.isArray(data)) throw unexpected(body);
				const webhooks = data.filter(isWebhook).map(toDestination);
				if (webhooks.some(({ id }) => id === '')) throw unexpected(body);
				found.push(...webhooks);
				cursor = has_more === true ? asText(next_cursor) : undefined;
				// If a page does not lead to the next one, or leads back to an earlier one, the list is incomplete.
				const isCut = has_more === true && cursor === undefined;
				const isCircle = cursor !== undefined && (cursors.has(cursor) || data.length === 0);
				if (isCut || isCircle || cursors.size > MAX_PAGES) throw unexpected(body);
				if (cursor !== undefined) cursors.add(cursor);
			} while (cursor !== undefined);
			return found;
		},

		async createDestination(url) {
			const kind = { type: 'webhook', active: true };
			const signing_secret_source = 'environment';
			let refusal: AdminError;
			try {
				return await create({ ...kind, config: { url }, signing_secret_source });
			} catch (error) {
				if (!(error instanceof AdminError) || error.status !== 400) {
					return await Promise.reject(error as Error);
				}
				refusal = error;
			}
			// Deployments from before autumn 2026 know neither field. Any other refusal will be repeated.
			const created = await create({ ...kind, url });
			if (!created.signingSecret) throw refusal;
			return created;
		},

		async updateDestination(id, { active, url, eventTypes }) {
			const body: JsonObject = {
				...(active !== undefined && { active }),
				...(url !== undefined && { config: { url } }),
				...(eventTypes && { event_types: eventTypes }),
			};
			const { statusCode, body: answer } = await call('PATCH', pathOf(id), {
				body,
				accept: [404],
			});
			if (statusCode === 404) return false;
			const updated = toDestination(asObject(answer));
			const got = updated.eventTypes;
			const isDone =
				updated.id === id &&
				(active === undefined || asObject(answer).active === active) &&
				(url === undefined || updated.url === canonicalUrl(url)) &&
				(got.length === 0 || !eventTypes || hasAll(got, eventTypes));
			if (!isDone) throw unexpected(answer);
			return true;
		},

		async deleteDestination(id) {
			await call('DELETE', pathOf(id), { accept: [404] });
		},

		async secretOf(id) {
			const answer = await read(`${pathOf(id)}/secrets`);
			const { signing_secret } = asObject(answer.secrets);
			const secret = asText(signing_secret);
			if (secret === undefined && signing_secret !== null) throw unexpected(answer);
			return secret ?? null;
		},

		environmentSecret: async () =>
			asText((await read(`${environment}/api-key`)).signing_secret) || undefined,

		async format() {
			const { data } = await read(`${environment}/unified-api/processing`);
			const selected = listOf(data).find((format) => format.selected === true);
			return asText(selected?.type);
		},

		async sendsSamples() {
			const { data } = await read(`${environment}/unified-api/scopes`);
			const activity = listOf(data).find(({ data_type }) => data_type === 'activity');
			return typeof activity?.samples_enabled === 'boolean' ? activity.samples_enabled : undefined;
		},

		async statistics(id) {
			const answer = await read(`${environment}/webhook-events/stats`, { destination: id });
			const [attempts, failed] = [answer.delivery_attempts, answer.failed_attempts].map(Number);
			if (!Number.isFinite(attempts) || !Number.isFinite(failed)) throw unexpected(answer);
			return { attempts: attempts!, failed: failed! };
		},

		async generate({ type, provider, destinationId, dryRun }) {
			const { body } = await call('POST', `${environment}/webhook-events/generate`, {
				query: dryRun ? { dry_run: true } : undefined,
				body: { type, provider: provider.toLowerCase(), destination_id: destinationId },
			});
			const answer = asObject(body);
			const event = dryRun ? asObject(answer.preview) : answer;
			if (!isObject(event.payload)) throw unexpected(body);
			return { eventId: asText(event.event_id), payload: event.payload };
		},
	};
}

function refusalIn({ statusCode, body }: HttpResponse): AdminError {
	const { code, remediation } = asObject(body);
	const said = [terraText(body), asText(remediation)].filter(Boolean).join(' – ');
	return new AdminError(statusCode, said, asText(code) ?? (terraText(body) ? '' : undefined));
}

/** A success that contains an error. */
function isRefusal(body: unknown): boolean {
	return asText(asObject(body).status)?.toLowerCase() === 'error';
}

function unexpected(body: unknown): AdminError {
	return new AdminError(200, wordsIn(asObject(body)) || 'an unexpected answer');
}

/** No event types means all of them. */
const hasAll = (got: string[], wanted: string[]) =>
	wanted.length > 0 && wanted.every((type) => got.includes(type));

const listOf = (data: unknown): JsonObject[] => (Array.isArray(data) ? data.filter(isObject) : []);

/** Terra has destinations of other types, such as a bucket or a database. */
function isWebhook(entry: unknown): entry is JsonObject {
	return isObject(entry) && (entry.type === undefined || entry.type === 'webhook');
}

function toDestination(body: JsonObject): Destination {
	return {
		id: asText(body.id) ?? '',
		// `config.url` is the address as it was set; `url` omits any password.
		url: canonicalUrl(asText(asObject(body.config).url) ?? asText(body.url) ?? ''),
		active: body.active !== false,
		eventTypes: Array.isArray(body.event_types) ? body.event_types.map(String) : [],
	};
}
