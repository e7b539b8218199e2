/** What a person gives; everything but the first two is optional and settles more points. */
export interface Access {
	devId: string;
	apiKey: string;
	/** Terra's data API, without a slash at the end. */
	apiBase: string;
	adminBase: string;
	adminToken?: string;
	/** A newer token of the data API, `terra_dt_…`. */
	dataToken?: string;
	/** A user ID. */
	athlete?: string;
	/** Of the webhook that the listener stands in for. */
	signingSecret?: string;
}

export interface Reply {
	/** 0 without an answer. */
	status: number;
	headers: Headers;
	/** Undefined if it is no JSON. */
	body: unknown;
}

interface Call {
	method?: 'GET' | 'POST' | 'DELETE';
	query?: Record<string, string>;
	body?: unknown;
	headers?: Record<string, string>;
}

const TIMEOUT_MS = 60_000;

/** Asks Terra with one account's keys. An answer of any kind is a reply; nothing is repeated. */
export class Terra {
	constructor(readonly access: Access) {}

	/** The data API; a path that begins with `//` is below the host instead. */
	async api(path: string, call: Call = {}): Promise<Reply> {
		const { devId, apiKey, apiBase } = this.access;
		const url = path.startsWith('//') ? new URL(apiBase).origin + path.slice(1) : apiBase + path;
		return await ask(url, {
			...call,
			headers: { 'x-api-key': apiKey, 'dev-id': devId, ...call.headers },
		});
	}

	/** What Terra tells everybody who knows the Developer ID. */
	async openly(path: string): Promise<Reply> {
		return await ask(this.access.apiBase + path, { headers: { 'dev-id': this.access.devId } });
	}

	/** The data API with a data token in place of the key. */
	async withToken(path: string, headers: Record<string, string>): Promise<Reply> {
		return await ask(this.access.apiBase + path, {
			headers: { 'dev-id': this.access.devId, ...headers },
		});
	}

	/** The Admin API; a path that begins with `~` is below the environment. */
	async admin(path: string, call: Call = {}): Promise<Reply> {
		const { adminBase, adminToken, devId } = this.access;
		const url = adminBase + path.replace(/^~/, `/environments/${encodeURIComponent(devId)}`);
		return await ask(url, { ...call, headers: { authorization: `Bearer ${adminToken}` } });
	}

	/** A change of the Admin API that is only rehearsed. */
	async rehearse(path: string, body: object): Promise<Reply> {
		return await this.admin(path, { method: 'POST', query: { dry_run: 'true' }, body });
	}
}

async function ask(
	address: string,
	{ method = 'GET', query, body, headers }: Call,
): Promise<Reply> {
	const url = new URL(address);
	for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
	try {
		const response = await fetch(url, {
			method,
			redirect: 'manual',
			headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
			...(body !== undefined && { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(TIMEOUT_MS),
		});
		return {
			status: response.status,
			headers: response.headers,
			body: jsonIn(await response.text()),
		};
	} catch {
		return { status: 0, headers: new Headers(), body: undefined };
	}
}

function jsonIn(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
