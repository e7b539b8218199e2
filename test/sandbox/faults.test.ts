import type { Fault, Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { call, rider } from './api';
import { Receiver } from './receiver';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ timeScale: 1_000_000 });
});
afterEach(() => sandbox.faults.clear());
afterAll(async () => await sandbox.close());

const DAY = { start_date: '2026-01-01' };

async function read(fault: Fault | null, query: Record<string, string> = DAY) {
	if (fault) sandbox.faults.add(fault);
	return await call(sandbox, '/activity', { user_id: rider(sandbox), to_webhook: false, ...query });
}

describe('a successful answer without data', () => {
	it.each<[Fault, object]>([
		[{ kind: 'receipt' }, { status: 'success', type: 'activity', reference: expect.any(String) }],
		[
			{ kind: 'processing', retryAfterSeconds: 7 },
			{ type: 'processing', retry_after_seconds: 7 },
		],
		[{ kind: 'provider_rate_limit' }, { message: expect.any(String) }],
		[{ kind: 'no_data' }, { message: expect.any(String) }],
		[{ kind: 'large_request' }, { type: 'large_request_processing', status: 'processing' }],
	])('can be %j', async (fault, expected) => {
		const { status, json } = await read(fault);
		expect(status).toBe(200);
		expect(json).toMatchObject({ ...expected, user: { user_id: rider(sandbox) } });
		expect(json).not.toHaveProperty('data');
	});

	it('can have an empty list or an empty body', async () => {
		expect((await read({ kind: 'empty_data', times: 1 })).json).toMatchObject({ data: [] });
		expect(await read({ kind: 'empty' })).toMatchObject({ status: 200, text: '' });
	});
});

describe('an error', () => {
	it.each([408, 413, 424, 500, 502, 503, 504])('can be a %i in problem form', async (status) => {
		const answer = await read({ kind: 'status', status });
		expect(answer.status).toBe(status);
		expect(answer.headers.get('content-type')).toContain('application/problem+json');
		expect(answer.json).toMatchObject({
			type: 'about:blank',
			instance: expect.stringContaining('/activity'),
		});
	});

	it('can have the older form, or be a web page', async () => {
		const body = { message: 'User has no permission', status: 'error' };
		const older = await read({ kind: 'status', status: 424, body, times: 1 });
		expect(older).toMatchObject({ status: 424, json: body });
		const page = await read({ kind: 'html' });
		expect(page.headers.get('content-type')).toContain('text/html');
		expect(page).toMatchObject({ status: 500, text: expect.stringContaining('<h1>') });
	});

	it('can be either rate limit', async () => {
		const r1 = await read({ kind: '429r1', times: 1 });
		expect(r1).toMatchObject({ status: 429, json: { detail: 'rate limit exceeded' } });
		expect(r1.headers.get('x-terra-ratelimit-rule')).toBe('r1');
		expect(r1.headers.get('retry-after')).toBeNull();
		const r2 = await read({ kind: '429r2', retryAfterSeconds: 9 });
		expect(r2.headers.get('x-terra-ratelimit-rule')).toBe('r2');
		expect(r2.headers.get('retry-after')).toBe('9');
	});

	it('can be a reset, a cut connection or truncated JSON', async () => {
		await expect(read({ kind: 'reset', times: 1 })).rejects.toMatchObject({
			cause: { code: 'ECONNRESET' },
		});
		await expect(read({ kind: 'cut', times: 1 })).rejects.toThrow();
		const half = await read({ kind: 'truncate' });
		expect(half.status).toBe(200);
		expect(() => JSON.parse(half.text)).toThrow(SyntaxError);
	});

	it('can be a redirect', async () => {
		const answer = await read({ kind: 'redirect', body: 'http://127.0.0.1:9/x' });
		expect(answer.status).toBe(302);
		expect(answer.headers.get('location')).toBe('http://127.0.0.1:9/x');
	});

	it('can be a timeout, or a slow answer', async () => {
		expect((await read({ kind: 'timeout', afterMs: 30, times: 1 })).status).toBe(504);
		const slow = await read({ kind: 'slow', afterMs: 30 });
		expect(slow).toMatchObject({ status: 200, json: { data: [] } });
	});
});

describe('a fault', () => {
	const statuses = async (fault: Fault, queries: Array<Record<string, string>>) => {
		sandbox.faults.add({ ...fault });
		const answers = [];
		for (const query of queries) answers.push((await read(null, query)).status);
		return answers;
	};

	it('can be limited to a number of times', async () => {
		expect(await statuses({ kind: 'status', status: 502, times: 2 }, [DAY, DAY, DAY])).toEqual([
			502, 502, 200,
		]);
	});

	it('can be limited to a user, a path, a method or a condition', async () => {
		const other = rider(sandbox, 1);
		expect(
			await statuses({ kind: 'status', userId: other }, [DAY, { ...DAY, user_id: other }]),
		).toEqual([200, 500]);
		sandbox.faults.clear();
		for (const fault of [
			{ path: '/sleep' },
			{ path: /daily$/ },
			{ method: 'POST' },
			{ when: () => false },
		]) {
			sandbox.faults.add({ kind: 'status', ...fault });
		}
		expect((await read(null)).status).toBe(200);
		sandbox.faults.add({ kind: 'status', path: '/subscriptions' });
		expect((await call(sandbox, '/subscriptions')).status).toBe(500);
		expect((await read(null)).status).toBe(200);
	});

	it('can be limited to days, or to long requests', async () => {
		const days = { kind: 'status', from: '2026-01-10', to: '2026-01-11' } as const;
		const window = (start: string, end: string) => ({ start_date: start, end_date: end });
		expect(
			await statuses(days, [
				window('2026-01-01', '2026-01-10'),
				window('2026-01-01', '2026-01-11'),
				window('2026-01-11', '2026-01-12'),
			]),
		).toEqual([200, 500, 200]);
		sandbox.faults.clear();
		expect(
			await statuses({ kind: 'status', status: 504, minDays: 8 }, [
				window('2026-01-01', '2026-01-08'),
				window('2026-01-01', '2026-01-09'),
			]),
		).toEqual([200, 504]);
	});

	it('applies to every part of the API', async () => {
		sandbox.faults.add({ kind: 'status', status: 503 });
		const list = await call(
			sandbox,
			`/environments/${sandbox.devId}/webhook-events`,
			{},
			{ base: sandbox.adminBase },
		);
		const link = await call(sandbox, '/s3/x', {}, { base: sandbox.url });
		const widget = await call(
			sandbox,
			'/widget/session',
			{},
			{ method: 'POST', base: `${sandbox.url}/api` },
		);
		const connect = await call(
			sandbox,
			'/auth/authenticateUser',
			{ resource: 'XERT' },
			{ method: 'POST' },
		);
		expect([list, link, widget, connect].map(({ status }) => status)).toEqual([503, 503, 503, 503]);
	});
});

describe('a fault of a delivery', () => {
	let receiver: Receiver;
	beforeAll(async () => {
		receiver = await new Receiver().start();
		sandbox.setDestination(receiver.url);
	});
	afterAll(async () => await receiver.stop());

	it('can cut the connection in mid-body, after which Terra retries', async () => {
		sandbox.faults.add({ kind: 'delivery_cut', times: 1 });
		const delivery = await sandbox.send({ type: 'activity', data: [] });
		await sandbox.settled();
		expect(delivery.attempts).toMatchObject([{ error: 'connection cut' }, { status: 200 }]);
		expect(receiver.received).toHaveLength(1);
	});

	it('can send the body slowly but completely', async () => {
		sandbox.faults.add({ kind: 'delivery_slow', afterMs: 20, times: 1 });
		await sandbox.send({ type: 'activity', data: [{ slow: true }] });
		expect(receiver.received.at(-1)?.json).toEqual({ type: 'activity', data: [{ slow: true }] });
	});
});
