import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clock } from '../../nodes/Terra/transport/clock';
import type { Fault } from '../../sandbox';
import { byId, days, failureOf, idsOf, ride, setStage, type Stage } from './historySupport';

const realClock = { ...clock };

let stage: Stage;
let athlete: string;

beforeEach(async () => {
	stage = await setStage();
	athlete = stage.sandbox.users[0]!.user_id;
});
afterEach(async () => {
	clock.deadline = realClock.deadline;
	await stage.sandbox.close();
});

const MONTH = days('2026-10-24', '2026-11-21');
const fault = (kind: Fault['kind'], more: Partial<Fault> = {}) =>
	stage.sandbox.faults.add({ kind, path: '/activity', ...more });
const getAll = async (parameters: object = {}) =>
	await stage.run({ returnAll: true, ...MONTH, ...parameters });
const ridden = () =>
	stage.sandbox
		.activitiesOf(athlete)
		.map(({ metadata }) => metadata)
		.filter(({ start_time }) => start_time >= '2026-10-24' && start_time < '2026-11-22')
		.map(({ summary_id }) => summary_id)
		.reverse();
const missing = (result: Awaited<ReturnType<typeof getAll>>) =>
	result.hints.filter((hint) => hint.includes('missing')).map((hint) => hint.split('. ')[0]);
const rides = (result: Awaited<ReturnType<typeof getAll>>) => idsOf(result);

describe('a temporary failure is retried, and no data is lost', () => {
	it.each<[string, Fault['kind'], Partial<Fault>]>([
		['a reset connection', 'reset', {}],
		['a connection cut in mid-body', 'cut', {}],
		['JSON that ends in the middle', 'truncate', {}],
		['an empty body', 'empty', {}],
		['a web page', 'html', { status: 200 }],
		['408', 'status', { status: 408 }],
		['502', 'html', { status: 502 }],
		['503', 'status', { status: 503 }],
	])('%s', async (_, kind, more) => {
		fault(kind, { times: 3, ...more });
		expect(idsOf(await getAll())).toEqual(ridden());
		// Growing waits, each a random time from the upper half of 1, 2 and 4 seconds.
		expect(stage.waits).toHaveLength(3);
		[1000, 2000, 4000].forEach((longest, index) => {
			expect(stage.waits[index]).toBeGreaterThanOrEqual(longest / 2);
			expect(stage.waits[index]).toBeLessThanOrEqual(longest);
		});
	});

	it('503 with a Retry-After', async () => {
		fault('status', { status: 503, retryAfterSeconds: 17, times: 1 });
		expect(idsOf(await getAll())).toEqual(ridden());
		expect(stage.waits).toEqual([17_000]);
	});

	it('data that is still being collected', async () => {
		fault('processing', { times: 2, retryAfterSeconds: 45 });
		const result = await getAll();
		expect(idsOf(result)).toEqual(ridden());
		expect(stage.waits).toEqual([45_000, 45_000]);
		expect(result.hints).toEqual([expect.stringContaining('waited 90 s in all')]);
	});

	it('a rate limit with a reset time', async () => {
		fault('429r2', { times: 1, retryAfterSeconds: 120 });
		expect(idsOf(await getAll())).toEqual(ridden());
		expect(stage.waits).toEqual([120_000]);
	});

	it("the provider's rate limit", async () => {
		fault('status', { status: 429, body: { message: 'Provider rate limit hit' }, times: 2 });
		expect(idsOf(await getAll())).toEqual(ridden());
		expect(stage.waits).toHaveLength(2);
	});
});

describe('a window that is too large is split', () => {
	it.each<[string, Fault['kind'], Partial<Fault>]>([
		['413', 'status', { status: 413 }],
		['500', 'html', { status: 500 }],
		['504', 'status', { status: 504 }],
		['a large request', 'large_request', {}],
	])('%s', async (_, kind, more) => {
		fault(kind, { minDays: 8, ...more });
		expect(idsOf(await getAll())).toEqual(ridden());
		const lengths = stage.reads().map(({ query }) => lengthOf(query));
		expect(lengths.slice(0, 3)).toEqual([28, 14, 7]);
		expect(stage.waits).toEqual([]);
	});

	it('30 seconds of silence', async () => {
		fault('timeout', { minDays: 8 });
		clock.deadline = () => AbortSignal.timeout(300);
		const result = await getAll();
		expect(idsOf(result)).toEqual(ridden());
	}, 20_000);

	it('a single day is not split further, and is retried', async () => {
		fault('status', { status: 504, from: '2026-11-10', to: '2026-11-11', times: 8 });
		expect(idsOf(await getAll())).toEqual(ridden());
		expect(stage.waits.length).toBeGreaterThan(0);
	});
});

describe('missing days', () => {
	const oneDay = { from: '2026-11-10', to: '2026-11-11' };

	it.each<[string, Fault['kind'], Partial<Fault>, string]>([
		['too large', 'status', { status: 413 }, 'The answer is too large for Terra to send at once'],
		['failing', 'status', { status: 500 }, 'Terra cannot answer just now'],
		[
			'sent to the webhook',
			'large_request',
			{},
			'Terra sends this data to the webhook, since it is too large for an answer',
		],
	])('are reported when %s, and all other days are returned', async (_, kind, more, reason) => {
		fault(kind, { ...oneDay, ...more });
		const result = await getAll();
		const expected = stage.sandbox
			.activitiesOf(athlete)
			.map(({ metadata }) => metadata)
			.filter(({ start_time, end_time }) => {
				const [start, end] = [start_time, end_time].map((time) =>
					new Date(time).toISOString().slice(0, 10),
				);
				return (
					start_time >= '2026-10-24' &&
					start_time < '2026-11-22' &&
					(start !== oneDay.from || end !== oneDay.from)
				);
			})
			.map(({ summary_id }) => summary_id);
		expect([...rides(result)].sort()).toEqual([...expected].sort());
		expect(result.items).toHaveLength(expected.length);
		expect(result.hints[0]).toContain(`Days missing (2026-11-10) for user ${athlete}: ${reason}. `);
	});

	it.each<[Fault['kind'], string]>([
		['receipt', 'Terra sends this data to the webhook instead of answering with it'],
		['provider_rate_limit', "The provider's own rate limit is reached"],
	])('are reported when a window gets a %s', async (kind, reason) => {
		fault(kind, { from: '2026-10-20', to: '2026-10-24' });
		const result = await getAll();
		expect(rides(result).length).toBeGreaterThan(10);
		expect(missing(result)).toEqual([
			`Days missing (2026-10-24 to 2026-10-25) for user ${athlete}: ${reason}`,
		]);
	});

	it("are reported when Terra's answer has an unknown form", async () => {
		fault('status', { status: 200, body: { hello: 'world', message: 'brand new' } });
		const failure = await failureOf(getAll());
		expect(failure).toEqual({
			message: "Terra's answer does not match the request",
			description: 'Try again in a few minutes. Terra says: brand new',
		});
	});

	it.each([
		['somebody else', { user: { user_id: '7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90' } }],
		['another type of data', { type: 'daily' }],
	])('are reported when Terra answers about %s', async (_, about) => {
		const data = [ride('of somebody else', '2026-10-24T10:00:00+00:00')];
		const body = { user: null, ...about, data };
		fault('status', { status: 200, body, from: '2026-10-20', to: '2026-10-24' });
		const result = await getAll();
		expect(rides(result).length).toBeGreaterThan(10);
		expect(rides(result)).not.toContain('of somebody else');
		expect(missing(result)).toEqual([
			`Days missing (2026-10-24 to 2026-10-25) for user ${athlete}: Terra's answer does not match the request`,
		]);
	});

	it('are reported when a connection that has the type of data refuses some days', async () => {
		const body = { status: 'Data type requested not available from provider' };
		fault('status', { status: 200, body, from: '2026-10-20', to: '2026-10-24' });
		const result = await getAll();
		expect(rides(result).length).toBeGreaterThan(10);
		expect(missing(result)).toEqual([
			`Days missing (2026-10-24 to 2026-10-25) for user ${athlete}: This connection does not have this type of data`,
		]);
		const failure = await failureOf(getAll({ options: { ifDaysMissing: 'fail' } }));
		expect(failure.message).toBe('Some days are missing');
	});

	it('go to the error output if the node continues on errors, and all other days are returned', async () => {
		fault('status', { status: 413, ...oneDay });
		const settings = { onError: 'continueErrorOutput' } as const;
		const { items } = await stage.run({ returnAll: true, ...MONTH }, { settings });
		const failed = items.filter(({ error }) => error);
		expect(failed).toMatchObject([
			{
				json: {
					error: expect.stringContaining('2026-11-10'),
					user_id: athlete,
					missing_days: [{ from: '2026-11-10', to: '2026-11-10', days: 1 }],
				},
				error: { message: 'The answer is too large for Terra to send at once' },
			},
		]);
		expect(items.length - failed.length).toBeGreaterThan(10);
	});

	it('fail the node if asked to', async () => {
		fault('status', { status: 413, ...oneDay });
		const failure = await failureOf(getAll({ options: { ifDaysMissing: 'fail' } }));
		expect(failure.message).toBe('Some days are missing');
		expect(failure.description).toContain('2026-11-10');
	});

	it('are all days when Terra is down, which is found out soon', async () => {
		fault('status', { status: 503 });
		const failure = await failureOf(getAll({ period: 'allTime' }));
		expect(failure.message).toBe('Terra cannot answer just now');
		expect(stage.reads()).toHaveLength(15);
	});

	it('are reported when Terra no longer knows the user for some windows', async () => {
		stage.sandbox.faults.add({
			kind: 'status',
			status: 404,
			body: { detail: 'user not found' },
			from: '2026-10-20',
			to: '2026-10-25',
		});
		const result = await getAll();
		expect(rides(result).length).toBeGreaterThan(10);
		expect(missing(result)).toEqual([
			`Days missing (2026-10-24 to 2026-10-25) for user ${athlete}: Terra does not know this athlete`,
		]);
	});

	it('do not include days without data', async () => {
		fault('no_data');
		const { items, hints } = await getAll();
		expect(items).toEqual([]);
		expect(hints).toEqual([expect.stringContaining('Terra has nothing in this period')]);
	});

	it('do not include days with data: null', async () => {
		fault('status', { status: 200, body: { user: null, data: null, type: null } });
		expect((await getAll()).items).toEqual([]);
	});

	it('are reported if the wait would be too long', async () => {
		fault('429r2', { retryAfterSeconds: 3_000 });
		const failure = await failureOf(getAll({ options: { longestWait: 10 } }));
		expect(failure.message).toBe('Terra asks you to slow down');
		expect(stage.waits).toEqual([]);
	});
});

describe('a refusal by Terra is not retried, and is explained', () => {
	it.each<[string, Partial<Fault>, string, string]>([
		[
			'a wrong date',
			{ status: 400, body: { title: 'bad request', detail: 'invalid start_date' } },
			'Terra did not accept the request',
			'invalid start_date',
		],
		[
			'a data type that is off',
			{
				status: 400,
				body: { detail: 'activity data type is not enabled, enable on the dashboard' },
			},
			'The data type activity is switched off',
			'Connections',
		],
		[
			'wrong keys',
			{ status: 401, body: { title: 'unauthorized', detail: 'unauthorized' } },
			'Terra refused the credential',
			'same environment',
		],
		[
			'a missing add-on',
			{ status: 403, body: { message: 'add-on needed', status: 'error' } },
			'Terra does not allow this',
			'add-on needed',
		],
		[
			'a product that the plan lacks',
			{ status: 403, body: { title: 'forbidden', code: 'entitlement_required' } },
			'Your Terra plan does not include this',
			'The credential is right',
		],
		[
			'a disabled environment',
			{ status: 403, body: { title: 'forbidden', code: 'environment_disabled' } },
			'This environment is disabled at Terra',
			'use the credential of another one',
		],
		[
			'an unknown user',
			{ status: 404, body: { detail: 'user not found' } },
			'Terra does not know this athlete',
			'new ID after connecting again',
		],
		[
			'a refusing provider',
			{ status: 424, body: { detail: 'permission revoked' } },
			'The provider refused to share the data',
			'connect again',
		],
	])('%s', async (_, more, message, next) => {
		fault('status', more);
		const failure = await failureOf(getAll());
		expect(failure.message).toBe(message);
		expect(failure.description).toContain(next);
		expect(stage.reads()).toHaveLength(1);
		expect(stage.waits).toEqual([]);
	});

	it('more than 1,825 days', async () => {
		fault('429r1');
		const failure = await failureOf(getAll());
		expect(failure.message).toBe('The date range is too long for one request');
		expect(stage.reads()).toHaveLength(1);
	});

	it('a key is in no error and in no item', async () => {
		const { apiKey } = stage.sandbox;
		fault('status', { status: 401, body: { title: 'unauthorized' } });
		const { message, description } = await failureOf(getAll());
		expect(message + description).not.toContain(apiKey);
		stage.sandbox.faults.clear();
		fault('receipt', { from: '2026-10-20', to: '2026-10-24' });
		expect(JSON.stringify(await getAll())).not.toContain(apiKey);
	});
});

describe('a redirect', () => {
	let thief: Server;
	const stolen: string[] = [];
	beforeEach(async () => {
		thief = createServer((request, response) => {
			stolen.push(JSON.stringify(request.headers));
			response.end('{"user":null,"data":[]}');
		});
		await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
	});
	afterEach(async () => {
		thief.closeAllConnections();
		await new Promise((resolve) => thief.close(resolve));
	});

	it('is not followed, so nobody else gets the keys', async () => {
		const { port } = thief.address() as AddressInfo;
		fault('redirect', { body: `http://localhost:${port}/activity` });
		const failure = await failureOf(getAll());
		expect(failure.message).toBe('The Base URL leads to another address');
		expect(stolen).toEqual([]);
	});
});

describe("Terra's limit of 6,000 days an hour", () => {
	it('is never exceeded: the second part of twenty years waits', async () => {
		const result = await stage.run({ returnAll: true, ...days('2006-11-22', '2026-11-21') });
		expect(idsOf(result).length).toBe(stage.sandbox.activitiesOf(athlete).length);
		expect(stage.reads().every(({ status }) => status === 200)).toBe(true);
		const asked = stage.reads().reduce((sum, { query }) => sum + lengthOf(query), 0);
		expect(asked).toBe(7_307);
		expect(stage.waits).toEqual([3_600_000]);
		expect(result.hints).toEqual([
			expect.stringMatching(/^261 of 261 requests done, .* waited 60 min in all/),
		]);
	}, 30_000);

	it("includes what others used, according to Terra's answers", async () => {
		stage.sandbox.settings.daysPerHour = 60;
		const result = await stage.run({ returnAll: true, ...days('2026-09-01', '2026-11-21') });
		expect(stage.reads().map(({ status }) => status)).toEqual([200, 200, 200]);
		expect(stage.waits).toHaveLength(1);
		expect(rides(result).length).toBeGreaterThan(40);
	});

	it('is counted for each athlete', async () => {
		stage.sandbox.settings.daysPerHour = 40;
		await stage.run({ athletes: 'everyone', returnAll: true, ...MONTH });
		expect(stage.waits).toEqual([]);
		expect(stage.reads().every(({ status }) => status === 200)).toBe(true);
	});
});

describe('cancelling the execution', () => {
	it('ends a wait at once', async () => {
		const cancel = new AbortController();
		clock.sleep = async (ms, signal) => {
			setImmediate(() => cancel.abort());
			await realClock.sleep(ms, signal);
		};
		fault('429r2', { retryAfterSeconds: 3_000 });
		const failure = await failureOf(stage.run({}, { abortSignal: cancel.signal }));
		expect(failure.message).toBe('The execution was cancelled');
		expect(stage.reads()).toHaveLength(1);
	});

	it('ends a request at once, even if the node continues on errors', async () => {
		const cancel = new AbortController();
		fault('timeout', {
			when: () => {
				cancel.abort();
				return true;
			},
		});
		const failure = await failureOf(stage.run({}, { abortSignal: cancel.signal }));
		expect(failure.message).toBe('The execution was cancelled');
		expect(stage.reads()).toHaveLength(1);
	});
});

describe('On Error: Continue', () => {
	it('turns the error into an item and continues with the next', async () => {
		const { items } = await stage.run(
			{ user: byId('={{ $json.id }}'), limit: 1 },
			{
				input: [{ json: { id: 'nobody' } }, { json: { id: athlete } }],
				settings: { onError: 'continueRegularOutput' },
			},
		);
		expect(items).toMatchObject([
			{
				json: { error: expect.stringMatching(/^'Athlete' is not a Terra user ID\. A user ID/) },
				pairedItem: { item: 0 },
			},
			{ json: { type: 'activity' }, pairedItem: { item: 1 } },
		]);
	});

	it('puts what happened and what to do into the error item', async () => {
		fault('status', { status: 404, body: { detail: 'user not found' } });
		const failure = await failureOf(stage.run());
		const settings = { onError: 'continueErrorOutput' } as const;
		const { items } = await stage.run({}, { settings });
		expect(items).toMatchObject([
			{ json: { error: `${failure.message}. ${failure.description}` }, error: failure },
		]);
	});
});

function lengthOf(query: Record<string, string>): number {
	return (Date.parse(query.end_date!) - Date.parse(query.start_date!)) / 86_400_000;
}
