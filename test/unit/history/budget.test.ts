import fc from 'fast-check';
import { DayBudget } from '../../../nodes/Terra/history/budget';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-22T12:00:00Z');

describe('DayBudget', () => {
	it('allows at most 6,000 days within an hour, and never waits longer than an hour', () => {
		const requests = fc.array(
			fc.record({
				days: fc.integer({ min: 1, max: 1_825 }),
				pause: fc.integer({ min: 0, max: HOUR / 4 }),
			}),
			{ maxLength: 60 },
		);
		fc.assert(
			fc.property(requests, (list) => {
				const budget = new DayBudget();
				const spent: Array<{ at: number; days: number }> = [];
				let now = START;
				for (const { days, pause } of list) {
					now += pause;
					const wait = budget.waitFor(days, now);
					expect(wait).toBeGreaterThanOrEqual(0);
					expect(wait).toBeLessThanOrEqual(HOUR);
					now += wait;
					expect(budget.waitFor(days, now)).toBe(0);
					budget.spend(days, now);
					spent.push({ at: now, days });
					const inTheHour = spent.filter(({ at }) => at > now - HOUR);
					expect(inTheHour.reduce((sum, entry) => sum + entry.days, 0)).toBeLessThanOrEqual(6_000);
				}
			}),
		);
	});

	it('waits until the oldest requests are an hour old, and only for as many as it needs', () => {
		const budget = new DayBudget();
		budget.spend(1_000, START);
		budget.spend(5_000, START + 60_000);
		expect(budget.waitFor(1_000, START + 120_000)).toBe(HOUR - 120_000);
		expect(budget.waitFor(1_001, START + 120_000)).toBe(HOUR - 60_000);
		expect(budget.waitFor(6_000, START + 60_000 + HOUR)).toBe(0);
	});

	it('follows the limit that Terra reports when others have used some of it', () => {
		const budget = new DayBudget();
		budget.learn(
			{ 'x-terra-ratelimit-remaining': '30', 'x-terra-ratelimit-reset-after': '600' },
			START,
		);
		expect(budget.waitFor(30, START)).toBe(0);
		expect(budget.waitFor(31, START)).toBe(600_000);
		budget.spend(20, START);
		expect(budget.waitFor(11, START + 1_000)).toBe(599_000);
		expect(budget.waitFor(11, START + 600_000)).toBe(0);
	});

	it.each([{}, { 'x-terra-ratelimit-remaining': 'many' }, { 'x-terra-ratelimit-remaining': '0' }])(
		'ignores incomplete rate limit headers: %j',
		(headers) => {
			const budget = new DayBudget();
			budget.learn(headers, START);
			expect(budget.waitFor(28, START)).toBe(0);
		},
	);
});
