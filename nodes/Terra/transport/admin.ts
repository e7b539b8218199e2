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
import { joinUrl } from './url';

/** A webhook destination of one environment, as the Admin API describes it. */
export interface Destination {
	id: string;
	url: string;
	active: boolean;
	/** Empty means all. */
	eventTypes: string[];
	/** Only in the answer to its creation. */
	signingSecret?: string;
}

/** An answer of the Admin API that is not a success. */
export class AdminError extends UserError {
	constructor(
		/** 0 when there was no answer at all. */
		readonly status: number,
		/** Terra's own words, or the socket's code. */
		readonly said: string,
	) {
		super("Terra's Admin API did not accept the request", said);
		this.name = 'AdminError';
	}
}

/**
 * The part of Terra's Admin API that looks after webhook destinations. It takes a personal access token instead of
 * the API key.
 *
 * @see https://docs.tryterra.co/reference/admin-api
 * @throws AdminError from every method
 */
export interface Admin {
	listDestinations(): Promise<Destination[]>;
	createDestination(wanted: { url: string; eventTypes: string[] }): Promise<Destination>;
	/** @returns false when there is no such destination (any more) */
	updateDestination(
		id: string,
		change: { active: boolean; eventTypes?: string[] },
	): Promise<boolean>;
	/** Deletes a destination, or finds it gone already. */
	deleteDestination(id: string): Promise<void>;
}

const TIMEOUT_MS = 20_000;
const PAGE_SIZE = 100;

/** Far more than the few destinations that Terra allows. */
const MOST_PAGES = 50;

/** @returns undefined when the credential has no token */
export async function adminOf(connection: Connection): Promise<Admin | undefined> {
	const { adminToken, adminBaseUrl, devId } = await connection.credential();
	if (adminToken === '') return undefined;
	const destinations = joinUrl(
		adminBaseUrl,
		`/environments/${encodeURIComponent(devId)}/unified-api/destinations`,
	);
	const headers = { authorization: `Bearer ${adminToken}` };

	const send = async (
		method: Method,
		path: string,
		{ query, body, accept = [] }: { query?: JsonObject; body?: JsonObject; accept?: number[] } = {},
	): Promise<HttpResponse> => {
		const response = await exchange(connection, {
			url: `${destinations}${path}`,
			method,
			query,
			body,
			headers,
			withKeys: false,
			timeoutMs: TIMEOUT_MS,
		});
		if (!isResponse(response)) throw new AdminError(0, response.code ?? 'no answer');
		const { statusCode } = response;
		if ((statusCode >= 200 && statusCode < 300) || accept.includes(statusCode)) return response;
		throw new AdminError(statusCode, terraText(response.body));
	};

	return {
		async listDestinations() {
			const found: Destination[] = [];
			const cursors = new Set<string>();
			let cursor: string | undefined;
			do {
				const { body } = await send('GET', '', { query: { limit: PAGE_SIZE, cursor } });
				const { data, has_more, next_cursor } = asObject(body);
				if (!Array.isArray(data)) throw unexpected(body);
				found.push(...data.filter(isObject).map(toDestination));
				cursor = has_more === true ? asText(next_cursor) : undefined;
				// A page without a way to the next, or one that goes round in circles, is no whole list.
				const isCut = has_more === true && cursor === undefined;
				const isCircle = cursor !== undefined && (cursors.has(cursor) || data.length === 0);
				if (isCut || isCircle || cursors.size > MOST_PAGES) throw unexpected(body);
				if (cursor !== undefined) cursors.add(cursor);
			} while (cursor !== undefined);
			return found;
		},

		async createDestination({ url, eventTypes }) {
			const body: JsonObject = { url, type: 'webhook', active: true };
			if (eventTypes.length > 0) body.event_types = eventTypes;
			const created = toDestination(asObject((await send('POST', '', { body })).body));
			if (!created.id || !created.signingSecret) {
				throw new AdminError(200, 'the answer has no signing secret');
			}
			return created;
		},

		async updateDestination(id, { active, eventTypes }) {
			const body: JsonObject = { active };
			if (eventTypes) body.event_types = eventTypes;
			const path = `/${encodeURIComponent(id)}`;
			const { statusCode, body: answer } = await send('PATCH', path, { body, accept: [404] });
			if (statusCode === 404) return false;
			const updated = toDestination(asObject(answer));
			if (isRefusal(answer) || updated.id !== id || updated.active !== active) {
				throw unexpected(answer);
			}
			return true;
		},

		async deleteDestination(id) {
			const { body } = await send('DELETE', `/${encodeURIComponent(id)}`, { accept: [404] });
			if (isRefusal(body)) throw unexpected(body);
		},
	};
}

/** A success that says it is none. */
function isRefusal(body: unknown): boolean {
	return asText(asObject(body).status)?.toLowerCase() === 'error';
}

function unexpected(body: unknown): AdminError {
	return new AdminError(200, wordsIn(asObject(body)) || 'an unexpected answer');
}

function toDestination(body: JsonObject): Destination {
	return {
		id: asText(body.id) ?? '',
		url: asText(body.url) ?? '',
		active: body.active !== false,
		eventTypes: Array.isArray(body.event_types) ? body.event_types.map(String) : [],
		signingSecret: asText(body.signing_secret),
	};
}
