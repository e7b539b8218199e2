import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { asObject, asText, isObject, type JsonObject } from '../terra/json';
import { joinUrl } from './url';

type Caller = IExecuteFunctions | IHookFunctions;

/** What the Admin API needs: it takes a personal access token instead of the API key. */
export interface AdminAccess {
	baseUrl: string;
	token: string;
	devId: string;
}

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

/** An answer that is not a success. `status` is 0 when there was no answer at all. */
export class AdminFailure extends Error {
	constructor(
		readonly status: number,
		/** Terra's own words. */
		readonly said: string,
	) {
		super(said);
	}
}

/** @returns undefined when the credential has no token */
export function adminAccessOf(credential: ICredentialDataDecryptedObject): AdminAccess | undefined {
	const { adminToken, adminBaseUrl, devId } = credential;
	const token = String(adminToken ?? '').trim();
	return token === '' ? undefined : { token, baseUrl: String(adminBaseUrl), devId: String(devId) };
}

const TIMEOUT_MS = 20_000;
const PAGE_SIZE = 100;

/**
 * The part of Terra's Admin API that looks after webhook destinations.
 *
 * @see https://docs.tryterra.co/reference/admin-api
 * @throws AdminFailure from every function
 */
export async function listDestinations(
	context: Caller,
	access: AdminAccess,
): Promise<Destination[]> {
	const found: Destination[] = [];
	let cursor: string | undefined;
	do {
		const { body } = await request(context, access, 'GET', '', {
			qs: { limit: PAGE_SIZE, cursor },
		});
		const page = asObject(body);
		const data: unknown[] = Array.isArray(page.data) ? page.data : [];
		found.push(...data.filter(isObject).map(toDestination));
		cursor = page.has_more === true ? asText(page.next_cursor) : undefined;
	} while (cursor);
	return found;
}

export async function createDestination(
	context: Caller,
	access: AdminAccess,
	wanted: { url: string; eventTypes: string[] },
): Promise<Destination> {
	const body: IDataObject = { url: wanted.url, type: 'webhook', active: true };
	if (wanted.eventTypes.length > 0) body.event_types = wanted.eventTypes;
	const created = toDestination(
		asObject((await request(context, access, 'POST', '', { body })).body),
	);
	if (!created.id || !created.signingSecret) {
		throw new AdminFailure(200, 'the answer has no signing secret');
	}
	return created;
}

/** @returns false when there is no such destination (any more) */
export async function updateDestination(
	context: Caller,
	access: AdminAccess,
	id: string,
	change: { active: boolean; eventTypes?: string[] },
): Promise<boolean> {
	const body: IDataObject = { active: change.active };
	if (change.eventTypes) body.event_types = change.eventTypes;
	const { statusCode } = await request(context, access, 'PATCH', `/${encodeURIComponent(id)}`, {
		body,
		accept: [404],
	});
	return statusCode !== 404;
}

/** Deletes a destination, or finds it gone already. */
export async function deleteDestination(
	context: Caller,
	access: AdminAccess,
	id: string,
): Promise<void> {
	await request(context, access, 'DELETE', `/${encodeURIComponent(id)}`, { accept: [404] });
}

interface Answer {
	statusCode: number;
	body: unknown;
}

async function request(
	context: Caller,
	{ baseUrl, token, devId }: AdminAccess,
	method: IHttpRequestMethods,
	path: string,
	{ qs, body, accept = [] }: { qs?: IDataObject; body?: IDataObject; accept?: number[] } = {},
): Promise<Answer> {
	const destinations = `/environments/${encodeURIComponent(devId)}/unified-api/destinations`;
	const answer = await send(context, {
		url: joinUrl(baseUrl, `${destinations}${path}`),
		method,
		qs,
		body,
		headers: { authorization: `Bearer ${token}` },
		json: true,
		timeout: TIMEOUT_MS,
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	});
	const { statusCode } = answer;
	if ((statusCode >= 200 && statusCode < 300) || accept.includes(statusCode)) return answer;

	const { detail, message, title } = asObject(answer.body);
	throw new AdminFailure(statusCode, asText(detail) ?? asText(message) ?? asText(title) ?? '');
}

/** @returns status 0 when there is no answer at all */
async function send(context: Caller, options: IHttpRequestOptions): Promise<Answer> {
	try {
		return (await context.helpers.httpRequest(options)) as Answer;
	} catch (error) {
		const { code, cause } = asObject(error);
		const detail = asText(code) ?? asText(asObject(cause).code) ?? 'no answer';
		return { statusCode: 0, body: { detail } };
	}
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
