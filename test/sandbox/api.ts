import type { Sandbox } from '../../sandbox';

export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	// `any`, since each test names the fields that it expects.
	json: any;
}

export type Query = Record<string, string | number | boolean>;

/** Calls the sandbox with the right credentials; `headers` can replace them. */
export async function call(
	sandbox: Sandbox,
	path: string,
	query: Query = {},
	init: { method?: string; body?: unknown; headers?: Record<string, string>; base?: string } = {},
): Promise<Answer> {
	const url = new URL((init.base ?? sandbox.apiBase) + path);
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
	const response = await fetch(url, {
		method: init.method ?? 'GET',
		redirect: 'manual',
		headers: {
			...(init.headers ?? { 'dev-id': sandbox.devId, 'x-api-key': sandbox.apiKey }),
			...(init.body !== undefined && { 'content-type': 'application/json' }),
		},
		body: init.body === undefined ? undefined : JSON.stringify(init.body),
	});
	const text = await response.text();
	const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
	return {
		status: response.status,
		headers: response.headers,
		text,
		json: isJson && looksComplete(text) ? JSON.parse(text) : undefined,
	};
}

const looksComplete = (text: string) => /[}\]]$/.test(text.trim());

/** The first athlete's user ID. */
export function rider(sandbox: Sandbox, index = 0): string {
	const user = sandbox.users[index];
	if (!user) throw new Error(`no user ${index}`);
	return user.user_id;
}
