import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { call, rider } from './api';

const START = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;

let clock: number;
let sandbox: Sandbox;

beforeEach(async () => {
	clock = START;
	sandbox = await startSandbox({
		now: () => clock,
		users: [{ historyDays: 0 }, { historyDays: 0 }],
	});
});
afterEach(async () => await sandbox.close());

/** Reads a number of days. */
async function read(days: number, userId = rider(sandbox)) {
	const from = Date.UTC(2015, 0, 1);
	const end = new Date(from + days * 86_400_000).toISOString().slice(0, 10);
	const query = { user_id: userId, start_date: '2015-01-01', end_date: end, to_webhook: false };
	const answer = await call(sandbox, '/activity', query);
	const limit = (name: string) => answer.headers.get(`x-terra-ratelimit-${name}`);
	return { ...answer, limit, retryAfter: answer.headers.get('retry-after') };
}

it('reports what is left in every answer', async () => {
	const first = await read(28);
	expect([first.limit('limit'), first.limit('remaining'), first.limit('reset-after')]).toEqual([
		'6000',
		'5972',
		'3600',
	]);
	clock += 10 * MINUTE;
	const second = await read(2);
	expect([second.limit('remaining'), second.limit('reset-after')]).toEqual(['5970', '3000']);
});

it('allows 1,825 days in one request and always refuses 1,826', async () => {
	expect((await read(1825)).status).toBe(200);
	const refused = await read(1826);
	expect(refused).toMatchObject({
		status: 429,
		retryAfter: null,
		json: { detail: 'rate limit exceeded' },
	});
	expect(refused.limit('rule')).toBe('r1');
});

it('allows 6,000 days in a rolling hour and says when more are allowed', async () => {
	for (const days of [1500, 1500, 1500]) {
		expect((await read(days)).status).toBe(200);
		clock += 10 * MINUTE;
	}
	expect((await read(1500)).limit('remaining')).toBe('0');

	const refused = await read(1501);
	expect(refused.status).toBe(429);
	expect(refused.limit('rule')).toBe('r2');
	// There is room for 1,501 days when the second request is an hour old.
	expect(refused.retryAfter).toBe(String(40 * 60));
	clock += 40 * MINUTE - 1000;
	expect((await read(1501)).status).toBe(429);
	clock += 1000;
	expect((await read(1501)).status).toBe(200);
});

it('does not count refused requests, and counts each user separately', async () => {
	for (let count = 0; count < 4; count++) await read(1500);
	expect((await read(1)).status).toBe(429);
	expect((await read(1500, rider(sandbox, 1))).limit('remaining')).toBe('4500');
	clock += 60 * MINUTE;
	expect((await read(1)).limit('remaining')).toBe('5999');
});

it('counts an athlete as one day', async () => {
	const answer = await call(sandbox, '/athlete', { user_id: rider(sandbox), to_webhook: false });
	expect(answer.headers.get('x-terra-ratelimit-remaining')).toBe('5999');
});
