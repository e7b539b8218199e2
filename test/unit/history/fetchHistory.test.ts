import fc from 'fast-check';
import { fetchHistory, type History } from '../../../nodes/Terra/history/fetchHistory';
import { missingDays } from '../../../nodes/Terra/history/missingDays';
import { DayBudget } from '../../../nodes/Terra/history/budget';
import {
	addDays,
	cutWindow,
	daysOf,
	type DateWindow,
	type Order,
} from '../../../nodes/Terra/terra/days';
import type { Records, Verdict } from '../../../nodes/Terra/transport/verdict';

const WHOLE = { start_date: '2026-01-01', end_date: '2026-04-11' };
const REASON = { message: 'because', description: 'try' };
const EMPTY: Verdict<Records> = { kind: 'ok', value: { user: undefined, records: [] } };

function historyOf(ask: (window: DateWindow) => Verdict<Records>, more: Partial<History> = {}) {
	const asked: DateWindow[] = [];
	const taken: DateWindow[] = [];
	const waits: number[] = [];
	const order: Order = more.order ?? 'newest';
	const history: History = {
		windows: cutWindow(WHOLE, 28, order),
		order,
		atOnce: 1,
		budget: new DayBudget(),
		patience: { pause: async (ms) => void waits.push(ms), longestWaitMs: Infinity },
		ask: async (window) => {
			asked.push(window);
			return ask(window);
		},
		take: (_, window) => {
			taken.push(window);
			return false;
		},
		...more,
	};
	return { history, asked, taken, waits };
}

const daysIn = (windows: DateWindow[]) =>
	windows.flatMap((window) =>
		Array.from({ length: daysOf(window) }, (_, i) => addDays(window.start_date, i)),
	);

const allDays = daysIn([WHOLE]);

describe('fetchHistory', () => {
	it('brings every day or tells that it is missing, none twice, whatever is too large', async () => {
		const tooLarge = fc.uniqueArray(fc.constantFrom(...allDays), { maxLength: 6 });
		await fc.assert(
			fc.asyncProperty(
				tooLarge,
				fc.integer({ min: 1, max: 40 }),
				fc.constantFrom<Order>('newest', 'oldest'),
				fc.integer({ min: 1, max: 5 }),
				async (bad, most, order, atOnce) => {
					const { history, taken } = historyOf(
						(window) => {
							const isBad = daysIn([window]).some((day) => bad.includes(day));
							return isBad || daysOf(window) > most
								? { kind: 'smaller', mayPass: false, reason: REASON }
								: EMPTY;
						},
						{ order, atOnce },
					);
					const outcome = await fetchHistory(history);
					expect(outcome.refusal).toBeUndefined();
					expect(daysIn(outcome.gaps.map(({ window }) => window)).sort()).toEqual([...bad].sort());
					const had = daysIn(taken);
					expect([...had, ...bad].sort()).toEqual(allDays);
					const starts = taken.map(({ start_date }) => start_date);
					expect(starts).toEqual(
						order === 'oldest' ? [...starts].sort() : [...starts].sort().reverse(),
					);
				},
			),
		);
	});

	it('has only as many requests under way as allowed, and takes their answers in order', async () => {
		let open = 0;
		let most = 0;
		const { history, taken } = historyOf(() => EMPTY, {
			atOnce: 3,
			windows: cutWindow(WHOLE, 5, 'newest'),
			ask: async ({ start_date }) => {
				most = Math.max(most, ++open);
				// Every other answer is a late one.
				for (let i = 0; i < (Number(start_date.slice(-1)) % 2) * 3 + 1; i++) {
					await new Promise(setImmediate);
				}
				open--;
				return EMPTY;
			},
		});
		await fetchHistory(history);
		expect(most).toBe(3);
		expect(taken).toEqual(history.windows);
	});

	it('begins with one request, and is back at one for good after an answer that is not data', async () => {
		const open = new Set<DateWindow>();
		const widths: number[] = [];
		const { history } = historyOf(() => EMPTY, {
			atOnce: 4,
			windows: cutWindow(WHOLE, 5, 'newest'),
			ask: async (window) => {
				open.add(window);
				const number = widths.push(open.size);
				await new Promise(setImmediate);
				open.delete(window);
				return number === 9 ? { kind: 'again', reason: REASON } : EMPTY;
			},
		});
		await fetchHistory(history);
		expect(widths[0]).toBe(1);
		expect(widths[1]).toBe(1);
		expect(widths[2]).toBe(2);
		expect(Math.max(...widths)).toBe(4);
		// Those under way come to their end.
		expect(widths.slice(13)).toEqual(widths.slice(13).map(() => 1));
		expect(widths.length).toBeGreaterThan(16);
	});

	it('is not bothered by what fails after the end', async () => {
		const { history, asked } = historyOf(() => EMPTY, {
			atOnce: 3,
			windows: cutWindow(WHOLE, 5, 'newest'),
			take: () => asked.length > 1,
			ask: async (window) => {
				asked.push(window);
				if (asked.length > 2) throw new Error('cancelled');
				return EMPTY;
			},
		});
		expect(await fetchHistory(history)).toEqual({ answered: 2, gaps: [] });
		expect(asked).toHaveLength(3);
	});

	it('stops when that is enough', async () => {
		const { history, asked } = historyOf(() => EMPTY, { take: () => true });
		expect(await fetchHistory(history)).toEqual({ answered: 1, gaps: [] });
		expect(asked).toHaveLength(1);
	});

	it('ends at a refusal, and what follows is missing', async () => {
		const { history, asked } = historyOf(() =>
			asked.length < 3 ? EMPTY : { kind: 'refused', reason: { ...REASON, httpCode: '404' } },
		);
		const outcome = await fetchHistory(history);
		expect(asked).toHaveLength(3);
		expect(outcome.answered).toBe(2);
		expect(daysIn(outcome.gaps.map(({ window }) => window)).sort()).toEqual(
			allDays.slice(0, 100 - 56),
		);
		expect(outcome.refusal).toMatchObject({ httpCode: '404' });
	});

	it('gives up after three failures in a row, not after three in all', async () => {
		const inARow = historyOf(() => ({ kind: 'withheld', reason: REASON }));
		await fetchHistory(inARow.history);
		expect(inARow.asked).toHaveLength(3);

		let turn = 0;
		const now = historyOf(() => (turn++ % 2 ? EMPTY : { kind: 'withheld', reason: REASON }), {
			windows: cutWindow(WHOLE, 10, 'newest'),
		});
		const outcome = await fetchHistory(now.history);
		expect(now.asked).toHaveLength(10);
		expect(outcome.answered).toBe(5);
		expect(outcome.refusal).toBeUndefined();
	});

	it('repeats with growing pauses what passes by, five times at most', async () => {
		const { history, asked, waits } = historyOf(() => ({ kind: 'again', reason: REASON }), {
			windows: [{ start_date: '2026-01-01', end_date: '2026-01-29' }],
		});
		expect(await fetchHistory(history)).toMatchObject({ answered: 0, gaps: [{ reason: REASON }] });
		expect(asked).toHaveLength(5);
		waits.forEach((ms, index) => {
			expect(ms).toBeGreaterThanOrEqual(500 * 2 ** index);
			expect(ms).toBeLessThanOrEqual(1_000 * 2 ** index);
		});
		expect(waits).toHaveLength(4);
	});

	it('waits as long as it is told, at least a second, but not endlessly', async () => {
		const told = historyOf(() =>
			told.asked.length < 4 ? { kind: 'again', ms: 90_000, reason: REASON } : EMPTY,
		);
		expect((await fetchHistory(told.history)).gaps).toEqual([]);
		expect(told.waits).toEqual([90_000, 90_000, 90_000]);

		const forever = historyOf(() => ({ kind: 'again', ms: 0, reason: REASON }), {
			windows: [{ start_date: '2026-01-01', end_date: '2026-01-02' }],
		});
		expect((await fetchHistory(forever.history)).gaps).toHaveLength(1);
		expect(forever.waits.length).toBeGreaterThan(10);
		expect(new Set(forever.waits)).toEqual(new Set([1_000]));
	});

	it('does not ask before the budget allows it', async () => {
		const spent = { at: 0 };
		const budget = new DayBudget();
		budget.spend(6_000, Date.now());
		const { history, asked } = historyOf(() => EMPTY, {
			budget,
			patience: { pause: async (ms) => void (spent.at = ms), longestWaitMs: 60_000 },
		});
		expect((await fetchHistory(history)).refusal?.message).toContain('6,000 days');
		expect(asked).toEqual([]);
	});
});

describe('missingDays', () => {
	const gap = (start_date: string, end_date: string, message = 'because') => ({
		window: { start_date, end_date },
		reason: { message },
	});
	const range = { from: '2026-01-01', to: '2026-01-31' };

	it('joins neighbours of one reason, oldest first', () => {
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

	it('stays within the range, also for the day more at both ends', () => {
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
