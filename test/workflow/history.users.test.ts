import type { ILoadOptionsFunctions, INodeListSearchResult, INodeParameters } from 'n8n-workflow';
import { Terra } from '../../nodes/Terra/Terra.node';
import type { Fault } from '../../sandbox';
import {
	byId,
	byReference,
	days,
	failureOf,
	idsOf,
	raw,
	ride,
	setStage,
	type Stage,
} from './historySupport';

let stage: Stage;
beforeEach(async () => {
	stage = await setStage();
});
afterEach(async () => await stage.sandbox.close());

/** The entries of the user picker, whose context calls Terra like that of an execution. */
async function list(filter?: string, paginationToken?: string): Promise<INodeListSearchResult> {
	let shown: INodeListSearchResult = { results: [] };
	const { searchUsers } = new Terra().methods.listSearch;
	const execute = jest.spyOn(Terra.prototype, 'execute').mockImplementation(async function (
		this: unknown,
	) {
		const context = this as ILoadOptionsFunctions;
		shown = await searchUsers.call(context, filter, paginationToken);
		return [[]];
	});
	await stage.run().finally(() => execute.mockRestore());
	return shown;
}

const usersOf = (items: Array<{ user: { user_id: string } }>) => [
	...new Set(items.map(({ user }) => user.user_id)),
];
/** Sets Terra's answer, regardless of the sandbox's data. */
const answer = (path: string, body: object, when?: Fault['when']) =>
	stage.sandbox.faults.add({ kind: 'status', status: 200, path, body, when });

const DAY = ['2026-11-16', '2026-11-22'] as const;
const everyone = (provider: string) => ({
	athletes: 'everyone',
	providers: { __rl: true, mode: 'name', value: provider },
});

describe('Athlete', () => {
	it.each([
		['with spaces around it', (id: string) => `  ${id}\n`],
		['in capitals', (id: string) => id.toUpperCase()],
		['in a pasted address', (id: string) => `https://dashboard.tryterra.co/users/${id}?tab=data`],
	])('accepts an ID %s', async (_, written) => {
		const id = stage.sandbox.users[1]!.user_id;
		const { items } = await stage.run({ user: byId(written(id)), limit: 1 });
		expect(items[0]!.json).toMatchObject({ user: { user_id: id } });
	});

	it('accepts a bare ID, as a model or a person writes it', async () => {
		const id = stage.sandbox.users[1]!.user_id;
		const { items } = await stage.run({ user: id, limit: 1 });
		expect(items[0]!.json).toMatchObject({ user: { user_id: id } });
	});

	it.each([
		['', "'Athlete' is empty", 'Choose an athlete'],
		['={{ $json.user }}', "'Athlete' is empty", 'no such value'],
		['rider-1', "'Athlete' is not a Terra user ID", "'By Reference ID'"],
		['7d0c6f1e-52a9-4b0e-9c37', "'Athlete' is not a Terra user ID", '7d0c6f1e-52a9-4b0e-9c37'],
	])('is rejected before a request to Terra: %j', async (value, message, hint) => {
		const failure = await failureOf(stage.run({ user: byId(value) }));
		expect(failure.message).toBe(message);
		expect(failure.description).toContain(hint);
		expect(stage.sandbox.requests).toEqual([]);
	});
});

describe('a reference ID', () => {
	it.each(['array', 'users', 'user'] as const)("is found in /userInfo's form %s", async (shape) => {
		stage.sandbox.settings.userInfoByReference = shape;
		const { items } = await stage.run({ user: byReference('rider-2'), limit: 1 });
		expect(items[0]!.json).toMatchObject({ user: { reference_id: 'rider-2' } });
	});

	it('covers all connections of the person', async () => {
		const watch = stage.sandbox.addUser({
			provider: 'GARMIN',
			reference_id: 'rider-1',
			historyDays: 0,
		});
		stage.sandbox.addActivities(watch.user_id, [ride('run', '2026-11-20T08:00:00+00:00')]);
		const result = await stage.run({ user: byReference('rider-1'), returnAll: true });
		expect(idsOf(result)).toContain('run');
		expect(usersOf(raw(result)).sort()).toEqual(
			[stage.sandbox.users[0]!.user_id, watch.user_id].sort(),
		);
	});

	it('returns the data of one connection if another does not have it', async () => {
		const watch = stage.sandbox.addUser({ provider: 'GARMIN', reference_id: 'rider-1' });
		const result = await stage.run({ resource: 'daily', user: byReference('rider-1') });
		expect(usersOf(raw(result))).toEqual([watch.user_id]);
		expect(result.hints).toEqual([
			'1 connection has no daily data: their providers do not supply it',
		]);
	});

	it('is reported if Terra does not know it', async () => {
		const failure = await failureOf(stage.run({ user: byReference('nobody') }));
		expect(failure.message).toBe('Terra knows nobody with this reference ID');
		expect(failure.description).toContain('nobody');
	});

	it.each([
		['in a list', (other: object) => ({ users: [stage.sandbox.users[0], other] })],
		['alone', (other: object) => ({ user: other })],
	])('is refused if Terra answers with another person %s', async (_, body) => {
		const other = { ...stage.sandbox.users[1] };
		answer('/userInfo', body(other));
		const failure = await failureOf(stage.run({ user: byReference('rider-1') }));
		expect(failure.message).toBe("Terra's answer is about another person");
		expect(stage.reads()).toEqual([]);
	});

	it('leaves out a connection that has ended, and says so', async () => {
		stage.sandbox.addUser({ provider: 'GARMIN', reference_id: 'rider-1', historyDays: 0 });
		stage.sandbox.users.at(-1)!.active = false;
		const result = await stage.run({ user: byReference('rider-1') });
		expect(usersOf(raw(result))).toEqual([stage.sandbox.users[0]!.user_id]);
		expect(result.hints).toEqual(['1 athlete is no longer connected and was left out']);
	});

	it.each([
		['left, and then connected', [false, true]],
		['connected, and then left', [true, false]],
	])('counts as connected if Terra lists it as %s', async (_, actives) => {
		const [user] = stage.sandbox.users;
		answer('/userInfo', { users: actives.map((active) => ({ ...user, active })) });
		const result = await stage.run({ user: byReference('rider-1'), ...days(...DAY) });
		expect(result.hints).toEqual([]);
		expect(result.items.length).toBeGreaterThan(0);
		expect(stage.reads()).toHaveLength(1);
	});

	it('is reported as unknown if Terra returns an empty list', async () => {
		stage.sandbox.faults.add({ kind: 'status', path: '/userInfo', status: 200, body: [] });
		const failure = await failureOf(stage.run({ user: byReference('rider-1') }));
		expect(failure.message).toBe('Terra knows nobody with this reference ID');
	});
});

describe('All Athletes', () => {
	it('means the athletes of one provider', async () => {
		const result = await stage.run({ ...everyone('xert'), returnAll: true });
		const athletes = stage.sandbox.users.filter(({ provider }) => provider === 'XERT');
		expect(usersOf(raw(result)).sort()).toEqual(athletes.map(({ user_id }) => user_id).sort());
	});

	it.each(['*', 'XERT, GARMIN'])('can mean several providers: %s', async (provider) => {
		const result = await stage.run({ ...everyone(provider), returnAll: true });
		expect(usersOf(raw(result))).toHaveLength(4);
	});

	it('means Xert by default', async () => {
		const result = await stage.run({ athletes: 'everyone', returnAll: true });
		expect(usersOf(raw(result))).toHaveLength(3);
	});

	it('returns the newest records of all athletes, up to the limit, always in the same order', async () => {
		const all = await stage.run({ ...everyone('*'), returnAll: true });
		const some = await stage.run({ ...everyone('*'), limit: 7 });
		expect(idsOf(some)).toEqual(idsOf(all).slice(0, 7));
		expect(new Set(idsOf(all)).size).toBe(all.items.length);
	});

	it('reports an athlete who failed, and returns the others', async () => {
		const gone = stage.sandbox.users[1]!;
		stage.sandbox.faults.add({
			kind: 'status',
			status: 424,
			userId: gone.user_id,
			path: '/activity',
		});
		const result = await stage.run({ ...everyone('XERT'), returnAll: true });
		expect(usersOf(raw(result))).toHaveLength(2);
		expect(result.hints).toEqual([
			expect.stringMatching(
				new RegExp(`Days missing .* for user ${gone.user_id}: The provider refused to share`),
			),
		]);
	});

	it.each([
		['left, and then connected', [false, true]],
		['connected, and then left', [true, false]],
	])('includes an athlete who is listed twice, as %s', async (_, actives) => {
		const [user] = stage.sandbox.users;
		answer('/subscriptions', { users: actives.map((active) => ({ ...user, active })) });
		const result = await stage.run({ ...everyone('XERT'), ...days(...DAY) });
		expect(usersOf(raw(result))).toEqual([user!.user_id]);
		expect(result.hints).toEqual([]);
	});

	it('names all who failed if nobody succeeded', async () => {
		for (let i = 0; i < 4; i++) stage.sandbox.addUser({ provider: 'XERT', historyDays: 0 });
		stage.sandbox.faults.add({ kind: 'status', status: 424, path: '/activity' });
		const athletes = stage.sandbox.users.filter(({ provider }) => provider === 'XERT');
		const failure = await failureOf(stage.run(everyone('XERT')));
		expect(failure.message).toBe('The provider refused to share the data');
		for (const { user_id } of athletes.slice(0, 5)) expect(failure.description).toContain(user_id);
		expect(failure.description).toMatch(/\. And 2 more athletes\.$/);

		const settings = { onError: 'continueErrorOutput' } as const;
		const { items } = await stage.run(everyone('XERT'), { settings });
		expect(items.map(({ json, error }) => [json.user_id, error?.message])).toEqual(
			athletes.map(({ user_id }) => [user_id, 'The provider refused to share the data']),
		);
	});

	it('reports the error of one athlete if the others do not have the data', async () => {
		const { user_id: userId } = stage.sandbox.users.at(-1)!;
		stage.sandbox.faults.add({ kind: 'status', status: 424, userId, path: '/daily' });
		const failure = await failureOf(stage.run({ ...everyone('*'), resource: 'daily' }));
		expect(failure.message).toBe('The provider refused to share the data');
	});

	describe('with a list that breaks off', () => {
		beforeEach(() => {
			const when = ({ query }: { query: Record<string, string> }) => query.page === '0';
			const [first, second, other] = stage.sandbox.users;
			Object.assign(other!, { provider: 'WAHOO' });
			const results = [first, second, other];
			answer('/subscriptions', { data: { results, next: 1, max_page: 1 } }, when);
			stage.sandbox.faults.add({ kind: 'status', status: 500, path: '/subscriptions' });
		});
		const reason = /^Some athletes are missing: Terra cannot answer just now\. \w/;

		it('returns those listed so far, and says that others are missing', async () => {
			const result = await stage.run({ ...everyone('XERT'), returnAll: true });
			const listed = stage.sandbox.users.slice(0, 2).map(({ user_id }) => user_id);
			expect(usersOf(raw(result)).sort()).toEqual(listed.sort());
			expect(result.hints[0]).toMatch(reason);
		});

		it('fails if missing days must fail', async () => {
			const options = { ifDaysMissing: 'fail' };
			const failure = await failureOf(stage.run({ ...everyone('XERT'), options }));
			expect(failure.message).toBe('Terra cannot answer just now');
		});

		it('adds an error item if the node continues on errors', async () => {
			const settings = { onError: 'continueErrorOutput' } as const;
			const { items } = await stage.run({ ...everyone('XERT'), returnAll: true }, { settings });
			expect(items.filter(({ error }) => error)).toMatchObject([
				{
					json: { error: expect.stringMatching(reason) },
					error: { message: 'Terra cannot answer just now' },
				},
			]);
			expect(items.length).toBeGreaterThan(10);
		});

		it('fails if nobody was listed so far', async () => {
			for (const provider of ['FITBIT', 'WAHOO']) {
				stage.sandbox.faults.add({ kind: 'status', status: 424, path: '/activity' });
				const failure = await failureOf(stage.run(everyone(provider)));
				expect(failure.message).toBe('Terra cannot answer just now');
			}
		});
	});

	it('stops if the credential is refused', async () => {
		stage.sandbox.faults.add({ kind: 'status', status: 401 });
		const failure = await failureOf(stage.run(everyone('XERT')));
		expect(failure.message).toBe('Terra refused the credential');
		expect(stage.reads()).toEqual([]);
	});

	it('reports an athlete whose connection is refused, and returns the others', async () => {
		const [, { user_id: userId }] = stage.sandbox.users as [unknown, { user_id: string }];
		const body = { status: 'error', message: 'User token expired, reauthentication required' };
		stage.sandbox.faults.add({ kind: 'status', status: 401, userId, path: '/activity', body });
		const result = await stage.run({ ...everyone('XERT'), returnAll: true });
		expect(usersOf(raw(result))).toHaveLength(2);
		expect(result.hints).toEqual([
			expect.stringContaining("Terra refused this athlete's connection. The athlete must connect"),
		]);
	});

	it('leaves out only athletes without an ID, and says so', async () => {
		answer('/subscriptions', { users: [{ provider: 'XERT' }, ...stage.sandbox.users] });
		const result = await stage.run({ ...everyone('XERT'), returnAll: true });
		expect(usersOf(raw(result))).toHaveLength(3);
		expect(result.hints).toEqual(["Terra's list of users has one without an ID, who was left out"]);
	});

	it('reports an athlete whose provider Terra does not return, and returns the others', async () => {
		const [odd] = stage.sandbox.users;
		const users = stage.sandbox.users.map((user) =>
			user === odd ? { ...user, provider: null } : user,
		);
		answer('/subscriptions', { users });
		stage.sandbox.faults.add({ kind: 'status', status: 403, path: '/userInfo' });
		const result = await stage.run({ ...everyone('XERT'), returnAll: true });
		expect(usersOf(raw(result))).toHaveLength(2);
		expect(result.hints).toEqual([
			expect.stringMatching(`No data returned for user ${odd!.user_id}: Terra does not allow this`),
		]);
	});

	it('returns the records beside an invalid one, and says whose record is missing', async () => {
		const [odd] = stage.sandbox.users;
		const data = [ride('good', '2026-11-17T08:00:00+00:00'), 'odd'];
		answer('/activity', { user: odd, data }, ({ query }) => query.user_id === odd!.user_id);
		const result = await stage.run({ ...everyone('XERT'), returnAll: true });
		expect(usersOf(raw(result))).toHaveLength(3);
		expect(idsOf(result)).toContain('good');
		expect(result.hints).toEqual([
			expect.stringMatching(`for user ${odd!.user_id}: A record in Terra's answer cannot be read`),
		]);
	});

	it('leaves out athletes who are no longer connected, and says so once', async () => {
		stage.sandbox.users[1]!.active = false;
		const result = await stage.run({
			...everyone('XERT'),
			returnAll: true,
			options: { ifDaysMissing: 'fail' },
		});
		expect(usersOf(raw(result))).toHaveLength(2);
		expect(result.hints).toEqual(['1 athlete is no longer connected and was left out']);
		expect(new Set(stage.reads().map(({ query }) => query.user_id)).size).toBe(2);
	});

	it('returns an empty result with a hint if nobody is connected any longer', async () => {
		for (const user of stage.sandbox.users) user.active = false;
		const { items, hints } = await stage.run(everyone('XERT'));
		expect(items).toEqual([]);
		expect(hints).toContain('3 athletes are no longer connected and were left out');
	});

	it.each([
		['by reference ID', () => byReference('rider-2')],
		['by ID', () => byId(stage.sandbox.users[1]!.user_id)],
	])('reports that an athlete chosen %s is no longer connected', async (_, user) => {
		stage.sandbox.users[1]!.active = false;
		stage.sandbox.faults.add({
			kind: 'status',
			status: 404,
			path: '/activity',
			body: { title: 'user not found' },
		});
		const failure = await failureOf(stage.run({ user: user() }));
		expect(failure.message).toBe('This athlete is no longer connected');
		expect(failure.description).toContain('Create Connection Link');
	});

	it.each([
		['somebody else who has left', { active: false }, 404, 'Terra does not know this athlete'],
		[
			'somebody else with another reference ID',
			{ reference_id: 'rider-2' },
			200,
			"Terra's answer does not match the request",
		],
	])('rejects an answer about %s', async (_, about, status, message) => {
		const [, other] = stage.sandbox.users;
		answer('/userInfo', { user: { ...other, ...about } });
		const body = { user: null, data: [ride('a', '2026-11-10T08:00:00+00:00')] };
		stage.sandbox.faults.add({ kind: 'status', status, path: '/activity', body });
		expect((await failureOf(stage.run({ simplify: true }))).message).toBe(message);
	});

	it('keeps the reference ID if the answer leaves it out', async () => {
		const { user_id } = stage.sandbox.users[0]!;
		const data = [ride('a', '2026-11-10T08:00:00+00:00')];
		const user = { user_id, provider: 'XERT', reference_id: null };
		stage.sandbox.faults.add({
			kind: 'status',
			status: 200,
			path: '/activity',
			body: { user, data },
		});
		for (const who of [everyone('XERT'), { user: byReference('rider-1') }]) {
			const { items } = await stage.run({ ...who, simplify: true });
			expect(items.map(({ json }) => json.reference_id)).toContain('rider-1');
		}
	});

	it('returns nothing, with a hint, if nobody is connected yet', async () => {
		const { items, hints } = await stage.run(everyone('WAHOO'));
		expect(items).toEqual([]);
		expect(hints).toHaveLength(1);
	});

	it('needs a provider, so that an empty expression does not mean everyone', async () => {
		expect((await failureOf(stage.run(everyone('={{ $json.nothing }}')))).message).toBe(
			"'Provider' is empty",
		);
	});

	it('retries the list of users after a temporary failure', async () => {
		stage.sandbox.faults.add({ kind: 'reset', path: '/subscriptions', times: 2 });
		expect((await stage.run(everyone('XERT'))).items.length).toBeGreaterThan(0);
	});
});

describe('concurrency', () => {
	/** Counts the most requests open at once, in total and for one athlete. */
	function watch() {
		const most = { inAll: 0, forOne: 0 };
		stage.sandbox.faults.add({
			kind: 'slow',
			path: '/activity',
			afterMs: 20,
			when: ({ query }) => {
				const open = stage.reads().filter(({ status }) => status === undefined);
				most.inAll = Math.max(most.inAll, open.length);
				most.forOne = Math.max(
					most.forOne,
					open.filter((one) => one.query.user_id === query.user_id).length,
				);
				return true;
			},
		});
		return most;
	}

	it('four athletes are handled at a time, with one request each if there is a limit', async () => {
		for (let i = 0; i < 6; i++) stage.sandbox.addUser({ historyDays: 0 });
		const most = watch();
		await stage.run({ ...everyone('*'), limit: 1_000 });
		expect(most).toEqual({ inAll: 4, forOne: 1 });
	});

	it.each([
		['four', {}, 4],
		['one with samples', { withSamples: true }, 1],
	])('one athlete gets %s at once', async (_, options: INodeParameters, expected) => {
		const most = watch();
		const parameters = days('2026-05-23', '2026-11-22');
		const result = await stage.run({ ...parameters, returnAll: true, options });
		expect(most).toEqual({ inAll: expected, forOne: expected });
		const inOrder = await stage.run({ ...parameters, limit: 10_000 });
		expect(idsOf(result)).toEqual(idsOf(inOrder));
	});

	it('one athlete gets one request at a time if there is a limit', async () => {
		const most = watch();
		await stage.run({ ...days('2025-11-23', '2026-11-22'), limit: 400 });
		expect(most).toEqual({ inAll: 1, forOne: 1 });
	});

	it.each<[string, Fault]>([
		['asks to wait', { kind: '429r2', retryAfterSeconds: 5 }],
		['is still collecting', { kind: 'processing', retryAfterSeconds: 5 }],
		['fails', { kind: 'status', status: 503 }],
		['takes too long', { kind: 'status', status: 504 }],
	])('requests go back to one at a time once Terra %s', async (_, fault) => {
		stage.sandbox.faults.add({ times: 1, ...fault, path: '/activity' });
		const most = watch();
		const parameters = { ...days('2025-11-23', '2026-11-22'), returnAll: true };
		const result = await stage.run(parameters);
		expect(most).toEqual({ inAll: 1, forOne: 1 });
		stage.sandbox.faults.clear();
		expect(idsOf(result)).toEqual(idsOf(await stage.run(parameters)));
	});

	it('items about the same athlete wait for each other', async () => {
		const most = watch();
		const { items } = await stage.run(
			{ period: 'last90Days', limit: 1_000 },
			{ input: [{ json: {} }, { json: {} }, { json: {} }] },
		);
		expect(most).toEqual({ inAll: 1, forOne: 1 });
		expect(new Set(items.map(({ pairedItem }) => (pairedItem as { item: number }).item)).size).toBe(
			3,
		);
	});
});

describe('ten thousand users', () => {
	const manyUsers = (count: number) => {
		for (let i = 0; i < count; i++) {
			stage.sandbox.addUser({
				provider: i % 100 === 0 ? 'WAHOO' : 'OURA',
				reference_id: `club-${i}`,
				historyDays: 0,
			});
		}
	};

	it('are read page by page, and only those of the chosen provider are asked for data', async () => {
		manyUsers(10_000);
		const { items } = await stage.run({
			...everyone('WAHOO'),
			period: 'last7Days',
			returnAll: true,
		});
		expect(items).toEqual([]);
		const pages = stage.sandbox.requests.filter(({ path }) => path.endsWith('/subscriptions'));
		expect(pages).toHaveLength(21);
		expect(new Set(stage.reads().map(({ query }) => query.user_id)).size).toBe(100);
	}, 60_000);

	it('all appear in the picker, and can be searched', async () => {
		manyUsers(10_000);
		const first = await list();
		expect(first.results).toHaveLength(500);
		expect(first.results[0]).toEqual({
			name: 'rider-1 (XERT)',
			value: stage.sandbox.users[0]!.user_id,
		});
		const second = await list('', first.paginationToken as string);
		expect(second.results[0]!.value).toBe(stage.sandbox.users[500]!.user_id);

		const found = await list('CLUB-9999');
		expect(found.results).toEqual([{ name: 'club-9999 (OURA)', value: expect.any(String) }]);
		expect(found.paginationToken).toBeUndefined();
		expect((await list('nobody at all')).results).toEqual([]);
	}, 30_000);
});

describe('the user picker', () => {
	it('marks users who are no longer connected, and distinguishes two connections with one name', async () => {
		stage.sandbox.users[2]!.active = false;
		const twin = stage.sandbox.addUser({ provider: 'XERT', reference_id: 'rider-1' });
		Object.assign(twin, { created_at: '2026-05-01T10:00:00Z', last_webhook_update: null });
		const names = (await list()).results.map(({ name }) => name);
		expect(names).toContain('rider-3 (XERT, no longer connected)');
		expect(names).toContain('rider-2 (XERT)');
		expect(names).toContain('rider-1 (XERT), since 2026-05-01');
		expect(new Set(names).size).toBe(names.length);
	});

	it('searches by provider and user ID, and marks users without a reference ID', async () => {
		const { user_id } = stage.sandbox.addUser({ provider: 'WAHOO', reference_id: null });
		const expected = [{ name: `WAHOO ${user_id.slice(0, 8)}…`, value: user_id }];
		expect((await list('wahoo')).results).toEqual(expected);
		expect((await list(user_id)).results).toEqual(expected);
	});

	it('says why it is empty if the credential is refused', async () => {
		stage.sandbox.faults.add({ kind: 'status', status: 401 });
		await expect(list()).rejects.toThrow('Terra refused the credential');
	});
});
