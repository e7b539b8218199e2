import {
	adminOf,
	AdminError,
	clock,
	createClient,
	credentialProblem,
	usersOf,
	type HttpRequest,
	type HttpResponse,
} from '../../../nodes/Terra/transport';
import { disconnect } from '../../../nodes/Terra/resources/user/disconnect';
import { get } from '../../../nodes/Terra/resources/user/get';
import type { Services } from '../../../nodes/Terra/n8n';

type Reply =
	Partial<HttpResponse> | ((request: HttpRequest, count: number) => Partial<HttpResponse>);

const credential = { baseUrl: 'https://t', devId: 'd', adminBaseUrl: 'https://a', adminToken: 'x' };
const user = { user_id: 'u-1', provider: 'XERT' };

function connectionTo(reply: Reply) {
	const requests: HttpRequest[] = [];
	return {
		requests,
		credential: async () => credential,
		send: async (request: HttpRequest) => {
			requests.push(request);
			const answer = typeof reply === 'function' ? reply(request, requests.length) : reply;
			return { statusCode: 200, body: {}, headers: {}, ...answer };
		},
	};
}

const real = { ...clock };
let waits: number[];
beforeEach(() => {
	let now = 1_795_000_000_000;
	waits = [];
	clock.now = () => now;
	clock.sleep = async (ms) => {
		waits.push(ms);
		now += ms;
	};
});
afterEach(() => Object.assign(clock, real));

async function listed(
	reply: Reply,
	longestWaitMs = 60_000,
	providers: string[] = [],
): Promise<string[]> {
	const ids: string[] = [];
	const client = createClient(connectionTo(reply));
	for await (const { user_id } of usersOf(client, providers, { longestWaitMs })) ids.push(user_id);
	return ids;
}

describe('the list of users', () => {
	it.each([
		['nested', { data: { results: [user], next: null, max_page: 1 } }],
		['flat', { status: 'success', results: [user], next: null, max_page: 1 }],
		['without pages', { users: [user] }],
		['without next', { results: [user], max_page: 1 }],
	])('is read in the %s form', async (_, body) => {
		expect(await listed({ body })).toEqual(['u-1']);
	});

	it.each(['1', 1])('continues with the next page, given as %p', async (next) => {
		const page = (_: HttpRequest, count: number) => ({
			body:
				count === 1
					? { results: [user], next, max_page: 2 }
					: { results: [user, { ...user, user_id: 'u-2' }], next: null, max_page: 2 },
		});
		// A user on both pages is listed once.
		expect(await listed(page)).toEqual(['u-1', 'u-2']);
	});

	it.each(['https://t/subscriptions?page=1&per_page=500', '/subscriptions?page=1', 'dXNlcjoy'])(
		'counts pages itself if the next page is %p',
		async (next) => {
			const asked: unknown[] = [];
			const page = ({ query }: HttpRequest, count: number) => {
				asked.push(query!.page);
				return { body: { results: [{ user_id: `u-${count}` }], next: count < 3 ? next : null } };
			};
			expect(await listed(page)).toEqual(['u-1', 'u-2', 'u-3']);
			expect(asked).toEqual([0, 1, 2]);
		},
	);

	it('ends if the next page is an empty text', async () => {
		expect(await listed({ body: { results: [user], next: '' } })).toEqual(['u-1']);
	});

	it.each([
		['comes again and again', [user]],
		['is empty', []],
	])('does not go on for ever if a page before the last %s', async (_, results) => {
		const page = ({ query }: HttpRequest, count: number) => {
			// Stops a reader that never ends.
			if (count > 20) throw new Error('Read without an end');
			return { body: { results, next: `/subscriptions?page=${Number(query!.page) + 1}` } };
		};
		await expect(listed(page)).rejects.toThrow("Terra's list of users does not end");
	});

	it('reads a numeric ID, and skips an empty entry', async () => {
		expect(await listed({ body: { users: [null, { user_id: 42 }, user] } })).toEqual(['42', 'u-1']);
	});

	it('looks up the provider of entries without one, if there is a filter', async () => {
		const reply = ({ url, query }: HttpRequest) => {
			const provider = query!.user_id === 'u-2' ? 'garmin' : 'Xert';
			const entries = [
				{ ...user, provider: null },
				{ user_id: 'u-2' },
				{ ...user, user_id: 'u-3' },
			];
			return {
				body: url.endsWith('/userInfo')
					? { user: { user_id: query!.user_id, provider } }
					: { users: entries },
			};
		};
		expect(await listed(reply, 0, ['XERT'])).toEqual(['u-1', 'u-3']);
		expect(await listed(reply)).toEqual(['u-1', 'u-2', 'u-3']);
	});

	it.each([
		['all at once', { users: [{ provider: 'XERT' }, user, 'u-2', { ...user, user_id: 'u-3' }] }],
		['on a page', { results: [user, { user_id: '' }, { ...user, user_id: 'u-3' }], next: null }],
	])('leaves out only entries without an ID, and reports how many: %s', async (_, body) => {
		const unnamed: number[] = [];
		const client = createClient(connectionTo({ body }));
		const leftOut = { unnamed: (count: number) => void unnamed.push(count) };
		const ids: string[] = [];
		for await (const one of usersOf(client, [], { longestWaitMs: 0 }, leftOut)) {
			ids.push(one.user_id);
		}
		expect(ids).toEqual(['u-1', 'u-3']);
		expect(unnamed).toEqual(['users' in body ? 2 : 1]);
	});

	it('accepts a last page on which nobody has an ID', async () => {
		const page = (_: HttpRequest, count: number) =>
			count === 1
				? { body: { results: [user], next: 1, max_page: 2 } }
				: { body: { results: [{ provider: 'XERT' }], next: null, max_page: 2 } };
		expect(await listed(page)).toEqual(['u-1']);
	});

	it('reads up to the last page if Terra names no next one', async () => {
		const page = (_: HttpRequest, count: number) => ({
			body: { results: [{ user_id: `u-${count}` }], max_page: '3' },
		});
		expect(await listed(page)).toEqual(['u-1', 'u-2', 'u-3']);
	});

	it.each([
		['nothing', {}],
		['an empty object', { data: {} }],
		['an error', { status: 'error', message: 'try later' }],
		['an error with users', { status: 'ERROR', users: [user] }],
		['a failure with a page', { success: false, data: { results: [user], next: null } }],
		['users, none of them with an ID', { users: [{ provider: 'XERT' }] }],
		['a page with empty IDs', { results: [{ user_id: '' }, {}], next: null }],
		['a list of texts', { users: ['u-1'] }],
		['an end before the last page', { results: [user], next: null, max_page: 3 }],
		['a page that is not further on', { results: [user], next: 0, max_page: 3 }],
	])('is an error if it is %s', async (_, body) => {
		await expect(listed({ body })).rejects.toThrow(/does not match|ends before its last page/);
	});

	it('is retried while Terra is collecting it', async () => {
		const page = (_: HttpRequest, count: number) => ({
			body: count < 3 ? { type: 'processing' } : { users: [user] },
		});
		expect(await listed(page)).toEqual(['u-1']);
		expect(waits).toHaveLength(2);
	});
});

describe('a temporary failure', () => {
	const limited = (headers: object, until: number) => () =>
		clock.now() < until
			? { statusCode: 429, headers: headers as HttpResponse['headers'] }
			: { body: { users: [user] } };

	it('that is a rate limit is retried after its reset, in Unix seconds or in seconds', async () => {
		const until = clock.now() + 60_000;
		const inUnix = { 'x-ratelimit-reset': String(until / 1000) };
		expect(await listed(limited(inUnix, until))).toEqual(['u-1']);
		expect(waits).toEqual([60_000]);

		const again = clock.now() + 30_000;
		expect(await listed(limited({ 'x-ratelimit-reset': '30' }, again))).toEqual(['u-1']);
		expect(waits).toEqual([60_000, 30_000]);
	});

	it('that is a rate limit without a reset is retried with growing waits, up to the longest wait', async () => {
		const until = clock.now() + 50 * 60_000;
		expect(await listed(limited({}, until), 65 * 60_000)).toEqual(['u-1']);
		expect(waits.length).toBeGreaterThan(5);
		expect(waits.at(-1)!).toBeGreaterThan(waits[0]!);

		const started = clock.now();
		await expect(listed(limited({}, Infinity), 60_000)).rejects.toThrow(
			'Terra asks you to slow down',
		);
		expect(clock.now() - started).toBeLessThanOrEqual(60_000);
	});

	it.each([501, 520, 521, 522, 523, 524, 525, 526, 527, 530])(
		'with a status of %d is retried',
		async (status) => {
			const page = (_: HttpRequest, count: number) =>
				count < 3 ? { statusCode: status, body: '' } : { body: { users: [user] } };
			expect(await listed(page)).toEqual(['u-1']);
		},
	);
});

describe('an answer with a success status', () => {
	const run = async (operation: typeof disconnect, reply: Reply) =>
		await operation.run('u-1', { client: createClient(connectionTo(reply)) } as Services);

	it.each([
		{ status: 'error', message: 'not allowed' },
		{ type: 'processing' },
		[],
		'<html>',
		{ status: 'success', user: { user_id: 'u-2' } },
		{ status: 'success', success: false },
	])('that does not confirm a disconnection is an error: %j', async (body) => {
		await expect(run(disconnect, { body })).rejects.toThrow();
	});

	it.each([
		{ statusCode: 204, body: '' },
		{ statusCode: 200, body: { status: 'success' } },
		{ statusCode: 200, body: { status: 'success', user: { user_id: 'U-1' } } },
	])('that confirms a disconnection is accepted: %j', async (reply) => {
		expect(await run(disconnect, reply)).toEqual([{ json: { deleted: true } }]);
	});

	it.each([
		{},
		{ user: null },
		{ status: 'error', message: 'x' },
		{ user: {} },
		{ user: { user_id: 'u-2' } },
		{ users: [{ user_id: 'u-2' }] },
		{ status: 'error', user },
		{ success: false, user },
	])('without the requested user is an error: %j', async (body) => {
		await expect(run(get, { body })).rejects.toThrow('does not match the request');
	});

	it('with the requested user is accepted, among others and with the ID in another case', async () => {
		const users = [{ user_id: 'u-2' }, { ...user, user_id: 'U-1' }];
		expect(await run(get, { body: { users } })).toMatchObject([{ json: { user_id: 'U-1' } }]);
	});

	it.each([{ data: {} }, { data: null }, { status: 'error' }, { type: 'processing' }])(
		'that does not match fails the credential test: %j',
		async (body) => {
			expect(await credentialProblem(connectionTo({ body }), 'https://t')).toMatch(/Base URL/);
		},
	);

	it('that does not match is an error for every request of the Admin API', async () => {
		const admin = async (reply: Reply) => (await adminOf(connectionTo(reply)))!;
		for (const body of [{}, { data: {} }, { status: 'error' }]) {
			await expect((await admin({ body })).listDestinations()).rejects.toThrow(AdminError);
		}
		const circle = { body: { data: [], has_more: true, next_cursor: 'again' } };
		await expect((await admin(circle)).listDestinations()).rejects.toThrow(AdminError);
		const refused = { body: { status: 'error', message: 'locked' } };
		await expect((await admin(refused)).deleteDestination('x')).rejects.toThrow(AdminError);
		await expect((await admin(refused)).updateDestination('x', { active: true })).rejects.toThrow(
			AdminError,
		);
	});

	const destination = { id: 'x', url: 'https://n8n.example/1', active: true };

	it.each([
		['cut', 1, () => ({ data: [destination], has_more: true, next_cursor: null })],
		['going in a circle', 2, () => ({ data: [destination], has_more: true, next_cursor: 'x' })],
		['going on with nothing', 1, () => ({ data: [], has_more: true, next_cursor: 'x' })],
		[
			'without an end',
			100,
			(count: number) => ({ data: [destination], has_more: true, next_cursor: `${count}` }),
		],
	])(
		'with a list of destinations %s is an error, after %d requests at most',
		async (_, most, page) => {
			const connection = connectionTo((_request, count) => {
				// Stops a reader that never ends.
				if (count > 200) throw new Error('Read without an end');
				return { body: page(count) };
			});
			const list = (await adminOf(connection))!.listDestinations();
			await expect(list).rejects.toMatchObject({ name: 'AdminError', status: 200 });
			expect(connection.requests.length).toBeLessThanOrEqual(most);
		},
	);

	it('with several pages of destinations gives one list', async () => {
		const pages = [
			{ data: [destination], has_more: true, next_cursor: '2' },
			{ data: [{ ...destination, id: 'y' }], has_more: false, next_cursor: '3' },
		];
		const connection = connectionTo((_, count) => ({ body: pages[count - 1] }));
		const found = await (await adminOf(connection))!.listDestinations();
		expect(found.map(({ id }) => id)).toEqual(['x', 'y']);
		expect(connection.requests.map(({ query }) => query!.cursor)).toEqual([undefined, '2']);
	});

	it.each([
		['nothing', '', true],
		['an empty object', {}, true],
		['a web page', '<html>', true],
		['another destination', { ...destination, id: 'y' }, true],
		['the destination as it was', destination, false],
		['an error with the destination', { ...destination, status: 'error' }, true],
	])('does not confirm a change of a destination if it is %s', async (_, body, active) => {
		const admin = (await adminOf(connectionTo({ body })))!;
		await expect(admin.updateDestination('x', { active })).rejects.toThrow(AdminError);
	});

	it.each([true, false])(
		'confirms a change if the destination is as requested: %p',
		async (active) => {
			const admin = (await adminOf(connectionTo({ body: { ...destination, active } })))!;
			expect(await admin.updateDestination('x', { active })).toBe(true);
			const gone = (await adminOf(connectionTo({ statusCode: 404 })))!;
			expect(await gone.updateDestination('x', { active })).toBe(false);
		},
	);
});

it('a key that cannot be sent in a header is reported as such', async () => {
	const connection = connectionTo(() => {
		throw Object.assign(new TypeError('Invalid character in header'), { code: 'ERR_INVALID_CHAR' });
	});
	const client = createClient(connection);
	const first = usersOf(client, [], { longestWaitMs: 0 }).next();
	await expect(first).rejects.toThrow(/contains a character that cannot be sent/);
	expect(await credentialProblem(connection, 'https://t')).toMatch(/line break/);
});

it('a 401 means a wrong credential only if Terra has not accepted it before', async () => {
	const about = { kind: 'records', type: 'activity' } as const;
	const read = () => ({ kind: 'data', value: 1 }) as const;
	const client = createClient(
		connectionTo((_, count) => (count === 2 ? {} : { statusCode: 401, body: { title: 'no' } })),
	);
	const ask = async () => await client.ask({ path: '/activity', about, read });
	expect(await ask()).toMatchObject({ error: { reason: 'credential' } });
	expect(await ask()).toMatchObject({ kind: 'data' });
	expect(await ask()).toMatchObject({
		error: { message: "Terra refused this athlete's connection", reason: undefined },
	});
});
