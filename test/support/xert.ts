import type { CloudAnswer, CloudRequest } from './cloudHosts';

const TOKEN = 'token-of-xert';

interface XertActivity {
	path: string;
	/** Unix seconds. */
	start: number;
	xss: number;
	difficulty: number;
}

/**
 * The parts of Xert's API described in docs/xert.md, in memory. Based on its published page and public programs that use
 * it, not on an account.
 */
export function fakeXert() {
	const activities: XertActivity[] = [];
	const tokenRequests: CloudRequest[] = [];

	function service(request: CloudRequest): CloudAnswer {
		const { method, url, headers } = request;
		if (method === 'POST' && url.pathname === '/oauth/token') {
			tokenRequests.push(request);
			return { body: { access_token: TOKEN, refresh_token: 'example', expires_in: 604_800 } };
		}
		if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: {} };
		if (url.pathname === '/oauth/training_info') {
			const signature = { ftp: 251.3, ltp: 190.4, hie: 21.7, pp: 1104 };
			return { body: { success: true, signature, status: 'Fresh', tl: 61.2, targetXSS: 80 } };
		}
		if (url.pathname === '/oauth/activity') return list(url.searchParams);
		const found = activities.find(({ path }) => url.pathname === `/oauth/activity/${path}`);
		if (!found) return { status: 404, body: { success: false } };
		const { xss, difficulty } = found;
		return { body: { success: true, summary: { xss, difficulty } } };
	}

	function list(query: URLSearchParams): CloudAnswer {
		const [from, to] = ['from', 'to'].map((name) => Number(query.get(name)));
		const found = activities.filter(({ start }) => start >= from! && start <= to!);
		return { body: { success: true, activities: found.map(({ path }) => ({ path })) } };
	}

	return { service, activities, tokenRequests };
}
