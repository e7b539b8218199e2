/** n8n answered with an error. The message is n8n's, if it sent one. */
export class N8nRefused extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly description?: string,
	) {
		super(message);
	}
}

/** n8n binds a session to the ID of the browser that signed in. */
const browserId = 'n8n-nodes-terra';

/** Sends requests to n8n's internal REST API with the cookie of the signed-in user. */
export class Session {
	private cookie = '';

	constructor(private readonly url: string) {}

	async get<T>(path: string): Promise<T> {
		return await this.request('GET', path);
	}

	async post<T>(path: string, body: object): Promise<T> {
		return await this.request('POST', path, body);
	}

	async patch<T>(path: string, body: object): Promise<T> {
		return await this.request('PATCH', path, body);
	}

	async delete<T>(path: string): Promise<T> {
		return await this.request('DELETE', path);
	}

	/** Downloads a file, which n8n serves without the JSON envelope of its other answers. */
	async getFile(path: string): Promise<Buffer> {
		const headers = { cookie: this.cookie, 'browser-id': browserId };
		const response = await fetch(`${this.url}${path}`, { headers });
		if (!response.ok)
			throw new N8nRefused(response.status, `GET ${path} was answered with ${response.status}`);
		return Buffer.from(await response.arrayBuffer());
	}

	private async request<T>(method: string, path: string, body?: object): Promise<T> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				cookie: this.cookie,
				'browser-id': browserId,
				'push-ref': browserId,
			},
			body: body && JSON.stringify(body),
		});
		this.keepCookie(response);
		// While n8n is starting, it answers unknown paths with the editor's page.
		if (!response.headers.get('content-type')?.includes('json')) {
			throw new N8nRefused(response.status, `${method} ${path} was not answered with JSON`);
		}
		const answer = (await response.json()) as {
			data: T;
			message?: string;
			meta?: { description?: string };
		};
		if (!response.ok) {
			const message = answer.message ?? `${method} ${path} was answered with ${response.status}`;
			throw new N8nRefused(response.status, message, answer.meta?.description);
		}
		return answer.data;
	}

	private keepCookie(response: Response): void {
		const cookie = response.headers.getSetCookie().find((header) => header.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';')[0] ?? '';
	}
}
