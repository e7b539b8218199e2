import fc from 'fast-check';
import { DayBudget } from '../../../nodes/Terra/history/budget';
import { fetchHistory, type HistoryEvent } from '../../../nodes/Terra/history/history';
import { missingDays } from '../../../nodes/Terra/history/missingDays';
import { addDays, daysOf, type DateWindow, type Order } from '../../../nodes/Terra/terra/days';
import { clock, createClient, type HttpResponse } from '../../../nodes/Terra/transport';

/** A hundred days including the extra day at both ends: four windows. */
const RANGE = { from: '2026-01-02', to: '2026-04-09' };
/** Twenty windows. */
const LONG = { from: '2025-01-02', to: '2026-07-13' };

const EMPTY: HttpResponse = { statusCode: 200, body: { data: [] }, headers: {} };
const response = (statusCode: number, headers = {}): HttpResponse => ({
	statusCode,
	body: {},
	headers,
});
const TOO_LARGE = response(413);
const DOWN = response(503);
const NO_DATA: HttpResponse = { ...EMPTY, body: { message: 'odd' } };

const real = { ...clock };
let waits: number[];
beforeEach(() => {
	waits = [];
	clock.now = () => Date.parse('2026-11-22T12:00:00Z');
	clock.sleep = async (ms) => void waits.push(ms);
});
afterEach(() => Object.assign(clock, real));

interface Setup {
	range?: typeof RANGE;
	order?: Order;
	mayStop?: boolean;
	longestWaitMs?: number;
	budget?: DayBudget;
	/** Whether the consumer has enough after a window, and stops. */
	isEnough?: () => boolean;
}

function historyOf(
	answer: (window: DateWindow, asked: DateWindow[]) => HttpResponse | Promise<HttpResponse>,
	{ range = RANGE, order = 'newest', mayStop = true, ...setup }: Setup = {},
) {
	const asked: DateWindow[] = [];
	const client = createClient({
		credential: async () => ({ baseUrl: 'http://t', devId: '', adminBaseUrl: '', adminToken: '' }),
		send: async ({ query }) => {
			const { start_date, end_date } = query as unknown as DateWindow;
			const window = { start_date, end_date };
			asked.push(window);
			return await answer(window, asked);
		},
	});
	const query = {
		type: 'activity',
		userId: 'u',
		range,
		order,
		withSamples: false,
		mayStop,
		longestWaitMs: setup.longestWaitMs ?? Infinity,
	};
	const progress = { plan: () => {}, windowDone: () => {} };
	const run = async () => {
		const events: HistoryEvent[] = [];
		const budget = setup.budget ?? new DayBudget();
		for await (const event of fetchHistory(query, client, budget, progress)) {
			events.push(event);
			if (event.kind === 'windowDone' && setup.isEnough?.()) break;
		}
		return {
			done: events.flatMap((event) => (event.kind === 'windowDone' ? [event.window] : [])),
			gaps: events.flatMap((event) => (event.kind === 'gap' ? [event] : [])),
		};
	};
	return { run, asked };
}

const daysIn = (windows: DateWindow[]) =>
	windows.flatMap((window) =>
		Array.from({ length: daysOf(window) }, (_, i) => addDays(window.start_date, i)),
	);

const allDays = daysIn([{ start_date: '2026-01-01', end_date: '2026-04-11' }]);

describe('fetchHistory', () => {
	it('returns every day exactly once or reports it missing, whatever is too large', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.uniqueArray(fc.constantFrom(...allDays), { maxLength: 6 }),
				fc.integer({ min: 1, max: 40 }),
				fc.constantFrom<Order>('newest', 'oldest'),
				fc.boolean(),
				async (bad, most, order, mayStop) => {
					const { run } = historyOf(
						(window) => {
							const isBad = daysIn([window]).some((day) => bad.includes(day));
							return isBad || daysOf(window) > most ? TOO_LARGE : EMPTY;
						},
						{ order, mayStop },
					);
					const { done, gaps } = await run();
					expect(gaps.some(({ isFinal }) => isFinal)).toBe(false);
					expect(daysIn(gaps.map(({ window }) => window)).sort()).toEqual([...bad].sort());
					expect([...daysIn(done), ...bad].sort()).toEqual(allDays);
					const starts = done.map(({ start_date }) => start_date);
					expect(starts).toEqual(
						order === 'oldest' ? [...starts].sort() : [...starts].sort().reverse(),
					);
				},
			),
		);
	});

	it('keeps to the limit of concurrent requests and returns the answers in order', async () => {
		let open = 0;
		let most = 0;
		const { run, asked } = historyOf(
			async ({ start_date }) => {
				most = Math.max(most, ++open);
				// Every other answer is slow.
				for (let i = 0; i < (Number(start_date.slice(-1)) % 2) * 3 + 1; i++) {
					await new Promise(setImmediate);
				}
				open--;
				return EMPTY;
			},
			{ range: LONG, mayStop: false },
		);
		const { done } = await run();
		expect(most).toBe(4);
		expect(done).toEqual(asked);
		expect(done.length).toBeGreaterThan(15);
	});

	it('starts with one request at a time, and goes back to that for good after an answer that is not data', async () => {
		const open = new Set<DateWindow>();
		const widths: number[] = [];
		const { run } = historyOf(
			async (window) => {
				open.add(window);
				const number = widths.push(open.size);
				await new Promise(setImmediate);
				open.delete(window);
				return number === 9 ? DOWN : EMPTY;
			},
			{ range: LONG, mayStop: false },
		);
		await run();
		expect(widths.slice(0, 3)).toEqual([1, 1, 2]);
		expect(Math.max(...widths)).toBe(4);
		// Requests already sent still finish.
		expect(widths.slice(13)).toEqual(widths.slice(13).map(() => 1));
		expect(widths.length).toBeGreaterThan(16);
	});

	it('ignores a request that fails after the consumer has stopped', async () => {
		const history = historyOf(
			(_, asked) => {
				if (asked.length > 2) throw new Error('cancelled');
				return EMPTY;
			},
			{ range: LONG, mayStop: false, isEnough: () => history.asked.length > 1 },
		);
		const { done, gaps } = await history.run();
		expect([done.length, gaps.length]).toEqual([2, 0]);
		expect(history.asked.length).toBeGreaterThan(2);
	});

	it('does not retry prefetched requests once the consumer has stopped', async () => {
		const history = historyOf((_, { length }) => (length <= 2 ? EMPTY : DOWN), {
			range: LONG,
			mayStop: false,
			isEnough: () => history.asked.length > 2,
		});
		clock.sleep = real.sleep;
		await history.run();
		const { length } = history.asked;
		await new Promise((resolve) => setTimeout(resolve, 1_200));
		expect(history.asked).toHaveLength(length);
	});

	it('sends no further request when the first window is enough', async () => {
		const { run, asked } = historyOf(() => EMPTY, { isEnough: () => true });
		const { done, gaps } = await run();
		expect([done.length, gaps.length, asked.length]).toEqual([1, 0, 1]);
	});

	it('stops at a refusal and reports the rest as missing', async () => {
		const { run, asked } = historyOf((_, { length }) => (length < 3 ? EMPTY : response(404)));
		const { done, gaps } = await run();
		expect(asked).toHaveLength(3);
		expect(done).toHaveLength(2);
		expect(daysIn(gaps.map(({ window }) => window)).sort()).toEqual(allDays.slice(0, 100 - 56));
		expect(gaps.every(({ isFinal, error }) => isFinal && error.httpCode === '404')).toBe(true);
	});

	it('gives up after three failures in a row, not three in total', async () => {
		const inARow = historyOf(() => NO_DATA);
		await inARow.run();
		expect(inARow.asked).toHaveLength(3);

		let turn = 0;
		const now = historyOf(() => (turn++ % 2 ? EMPTY : NO_DATA), { range: LONG });
		const { done, gaps } = await now.run();
		expect(now.asked).toHaveLength(20);
		expect(done).toHaveLength(10);
		expect(gaps.some(({ isFinal }) => isFinal)).toBe(false);
	});

	it('retries a temporary failure with growing waits, at most five times', async () => {
		const { run, asked } = historyOf(() => DOWN, {
			range: { from: '2026-01-02', to: '2026-01-02' },
		});
		const { done, gaps } = await run();
		expect(done).toEqual([]);
		expect(gaps).toMatchObject([{ error: { message: 'Terra cannot answer just now' } }]);
		expect(asked).toHaveLength(5);
		waits.forEach((ms, index) => {
			expect(ms).toBeGreaterThanOrEqual(500 * 2 ** index);
			expect(ms).toBeLessThanOrEqual(1_000 * 2 ** index);
		});
		expect(waits).toHaveLength(4);
	});

	it('waits as long as Retry-After says, at least a second, but not for ever', async () => {
		const withRetryAfter = historyOf((_, { length }) =>
			length < 4 ? response(503, { 'retry-after': '90' }) : EMPTY,
		);
		expect((await withRetryAfter.run()).gaps).toEqual([]);
		expect(waits).toEqual([90_000, 90_000, 90_000]);

		waits = [];
		const forever = historyOf(() => response(503, { 'retry-after': '0' }), {
			range: { from: '2026-01-02', to: '2026-01-02' },
		});
		expect((await forever.run()).gaps).toHaveLength(1);
		expect(waits.length).toBeGreaterThan(10);
		expect(new Set(waits)).toEqual(new Set([1_000]));
	});

	it('sends no request before the budget allows it', async () => {
		const budget = new DayBudget();
		budget.spend(6_000, clock.now());
		const { run, asked } = historyOf(() => EMPTY, { budget, longestWaitMs: 60_000 });
		const { gaps } = await run();
		expect(gaps[0]!.error.message).toContain('6,000 days');
		expect(asked).toEqual([]);
	});
});

describe('missingDays', () => {
	const gap = (start_date: string, end_date: string, message = 'because') => ({
		window: { start_date, end_date },
		error: { message },
	});
	const range = { from: '2026-01-01', to: '2026-01-31' };

	it('merges adjacent gaps with the same reason, oldest first', () => {
		const gaps = [
			gap('2026-01-10', '2026-01-12'),
			gap('2026-01-05', '2026-01-10'),
			gap('2026-01-12', '2026-01-13', 'else'),
		];
		expect(missingDays(gaps, range)).toEqual([
			{ from: '2026-01-05', to: '2026-01-11', days: 7, reason: 'because' },
			{ from: '2026-01-12', to: '2026-01-12', days: 1, reason: 'else' },
		]);
	});

	it('stays within the range, without the extra day at both ends', () => {
		expect(missingDays([gap('2025-12-31', '2026-02-02')], range)).toEqual([
			{ ...range, days: 31, reason: 'because' },
		]);
		expect(missingDays([gap('2025-12-31', '2026-01-01')], range)).toMatchObject([
			{ from: '2026-01-01', to: '2026-01-01', days: 1 },
		]);
		expect(missingDays([gap('2026-02-01', '2026-02-02')], range)).toMatchObject([
			{ from: '2026-01-31', to: '2026-01-31', days: 1 },
		]);
	});
});
