import fc from 'fast-check';
import {
	addDays,
	cutWindow,
	daysBetween,
	daysOf,
	halve,
	isWithin,
	localDay,
	windowAround,
	type DateWindow,
	type Order,
} from '../../../nodes/Terra/terra/days';
import { presetRange } from '../../../nodes/Terra/terra/periods';

const day = fc
	.integer({ min: 0, max: 36_500 })
	.map((number) => new Date(number * 86_400_000).toISOString().slice(0, 10));
const order = fc.constantFrom<Order>('newest', 'oldest');
const window = fc
	.tuple(day, fc.integer({ min: 1, max: 8_000 }))
	.map(([start_date, length]): DateWindow => ({
		start_date,
		end_date: addDays(start_date, length),
	}));

/** Expects the windows to cover the whole range without a gap or an overlap. */
function expectToCover(windows: DateWindow[], whole: DateWindow, inOrder: Order) {
	const forwards = inOrder === 'oldest' ? windows : [...windows].reverse();
	const ends = [whole.start_date, ...forwards.map(({ end_date }) => end_date)];
	const starts = [...forwards.map(({ start_date }) => start_date), whole.end_date];
	// Compared at once, since there may be thousands of windows.
	expect(starts).toEqual(ends);
	expect(forwards.filter(({ start_date, end_date }) => end_date <= start_date)).toEqual([]);
}

describe('cutWindow', () => {
	it('covers exactly the given days, in order, in as few windows as the limit allows', () => {
		fc.assert(
			fc.property(window, fc.integer({ min: 1, max: 1_825 }), order, (whole, most, inOrder) => {
				const windows = cutWindow(whole, most, inOrder);
				expectToCover(windows, whole, inOrder);
				expect(windows).toHaveLength(Math.ceil(daysOf(whole) / most));
				expect(Math.max(...windows.map(daysOf))).toBeLessThanOrEqual(most);
			}),
		);
	});

	it('returns no windows for an empty range', () => {
		const nothing = { start_date: '2026-01-02', end_date: '2026-01-02' };
		expect(cutWindow(nothing, 28, 'newest')).toEqual([]);
		expect(cutWindow({ ...nothing, end_date: '2025-01-01' }, 28, 'oldest')).toEqual([]);
	});
});

describe('halve', () => {
	it('splits a window into two halves of equal length that cover the same days', () => {
		fc.assert(
			fc.property(window, order, (whole, inOrder) => {
				fc.pre(daysOf(whole) > 1);
				const halves = halve(whole, inOrder);
				expect(halves).toHaveLength(2);
				expectToCover(halves, whole, inOrder);
				const [a, b] = halves.map(daysOf);
				expect(Math.abs(a! - b!)).toBeLessThanOrEqual(1);
			}),
		);
	});
});

describe('windowAround', () => {
	it('includes every moment of the days in every time zone', () => {
		fc.assert(
			fc.property(
				day,
				fc.integer({ min: 0, max: 400 }),
				fc.integer({ min: 0, max: 86_399 }),
				fc.integer({ min: -12 * 60, max: 14 * 60 }),
				(from, length, second, offsetMinutes) => {
					const to = addDays(from, length);
					const { start_date, end_date } = windowAround({ from, to });
					for (const local of [from, to]) {
						const instant = Date.parse(local) + second * 1000 - offsetMinutes * 60_000;
						expect(instant).toBeGreaterThanOrEqual(Date.parse(start_date));
						expect(instant).toBeLessThan(Date.parse(end_date));
					}
				},
			),
		);
	});
});

describe('days', () => {
	it('are added correctly across leap days and clock changes', () => {
		expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
		expect(addDays('2027-02-28', 1)).toBe('2027-03-01');
		expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
		expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
		fc.assert(
			fc.property(day, fc.integer({ min: -9_000, max: 9_000 }), (start, count) => {
				expect(daysBetween(start, addDays(start, count))).toBe(count);
			}),
		);
	});

	it("are read on the athlete's clock", () => {
		expect(localDay('2026-11-21T23:59:59.000000-11:00')).toBe('2026-11-21');
		expect(localDay('2026-11-21T00:00:00')).toBe('2026-11-21');
		expect(localDay('yesterday')).toBeUndefined();
		expect(localDay(1_795_254_074)).toBeUndefined();
		const range = { from: '2026-11-21', to: '2026-11-21' };
		expect(isWithin('2026-11-21', range)).toBe(true);
		expect(isWithin('2026-11-22', range)).toBe(false);
		expect(isWithin(undefined, range)).toBe(true);
	});
});

describe('presetRange', () => {
	it.each([
		['thisWeek', '2026-11-22', '2026-11-16'],
		['thisWeek', '2026-11-23', '2026-11-23'],
		['thisMonth', '2028-02-29', '2028-02-01'],
		['thisYear', '2026-01-01', '2026-01-01'],
		['last7Days', '2028-03-01', '2028-02-24'],
	] as const)('%s on %s begins on %s', (preset, today, from) => {
		expect(presetRange(preset, today)).toEqual({ from, to: today, isOpen: true });
	});

	it.each([
		['lastWeek', '2026-11-22', '2026-11-09', '2026-11-15'],
		['lastWeek', '2026-11-23', '2026-11-16', '2026-11-22'],
		['lastMonth', '2026-01-31', '2025-12-01', '2025-12-31'],
		['lastMonth', '2028-03-31', '2028-02-01', '2028-02-29'],
	] as const)('%s on %s is from %s to %s', (preset, today, from, to) => {
		expect(presetRange(preset, today)).toEqual({ from, to });
	});

	it('never requests more days than Terra allows an hour', () => {
		const asked = windowAround(presetRange('allTime', '2026-11-22'));
		expect(daysOf(asked)).toBeLessThanOrEqual(6_000);
		expect(daysOf(asked)).toBeGreaterThan(15 * 365);
	});
});

describe('a range up to the present', () => {
	const range = { from: '2026-04-05', to: '2026-04-10', isOpen: true } as const;

	it('includes a ride whose day has already begun only where the athlete is', () => {
		expect(isWithin('2026-04-11T07:00:00+12:00', range)).toBe(true);
		expect(isWithin('2026-04-04T23:00:00+12:00', range)).toBe(false);
		expect(isWithin('2026-04-11T07:00:00+12:00', { from: range.from, to: range.to })).toBe(false);
	});
});
