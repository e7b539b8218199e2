/** An account's keys. The optional ones answer more points. */
export interface Access {
	devId: string;
	apiKey: string;
	/** Base URL of Terra's data API, without a trailing slash. */
	apiBase: string;
	adminBase: string;
	adminToken?: string;
	/** A newer token of the data API, `terra_dt_…`. */
	dataToken?: string;
	/** A user ID. */
	athlete?: string;
	/** Secret of the webhook that points to the listener. */
	signingSecret?: string;
}

export interface Reply {
	/** 0 if there was no answer. */
	status: number;
	headers: Headers;
	/** Undefined if it is not JSON. */
	body: unknown;
}

interface Call {
	method?: 'GET' | 'POST' | 'DELETE';
	query?: Record<string, string>;
	body?: unknown;
	headers?: Record<string, string>;
}

const TIMEOUT_MS = 60_000;

/** Calls Terra with an account's keys. Never throws and never retries: errors are replies too. */
export class Terra {
	constructor(readonly access: Access) {}

	/** Calls the data API. A path that starts with `//` is relative to the host instead. */
	async api(path: string, call: Call = {}): Promise<Reply> {
		const { devId, apiKey, apiBase } = this.access;
		const url = path.startsWith('//') ? new URL(apiBase).origin + path.slice(1) : apiBase + path;
		return await ask(url, {
			...call,
			headers: { 'x-api-key': apiKey, 'dev-id': devId, ...call.headers },
		});
	}

	/** Calls the data API with only the Developer ID. */
	async withoutKey(path: string): Promise<Reply> {
		return await ask(this.access.apiBase + path, { headers: { 'dev-id': this.access.devId } });
	}

	/** Calls the data API with a data token instead of the API key. */
	async withToken(path: string, headers: Record<string, string>): Promise<Reply> {
		return await ask(this.access.apiBase + path, {
			headers: { 'dev-id': this.access.devId, ...headers },
		});
	}

	/** Calls the Admin API. A path that starts with `~` is relative to the environment. */
	async admin(path: string, call: Call = {}): Promise<Reply> {
		const { adminBase, adminToken, devId } = this.access;
		const url = adminBase + path.replace(/^~/, `/environments/${encodeURIComponent(devId)}`);
		return await ask(url, { ...call, headers: { authorization: `Bearer ${adminToken}` } });
	}

	/** Requests a change through the Admin API as a dry run. */
	async dryRun(path: string, body: object): Promise<Reply> {
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
