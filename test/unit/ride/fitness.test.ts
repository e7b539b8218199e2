import { fitnessByDay, loadOf, WARM_UP_DAYS } from '../../../nodes/Terra/ride/fitness';
import { groupEnd, groupStart } from '../../../nodes/Terra/terra/periods';
import { addDays } from '../../../nodes/Terra/terra/days';

const FIRST = '2026-01-01';

const daily = (load: number, days: number) =>
	new Map(Array.from({ length: days }, (_, day) => [addDays(FIRST, day), load]));

describe('fitness and fatigue', () => {
	it('approach the daily load if it never changes', () => {
		const last = addDays(FIRST, WARM_UP_DAYS - 1);
		const { fitness, fatigue } = fitnessByDay(daily(80, WARM_UP_DAYS), FIRST, last).get(last)!;
		expect(fitness / 80).toBeGreaterThan(0.997);
		expect(fatigue).toBeCloseTo(80, 6);
	});

	it('from a single ride fall to 1/e after 42 and 7 days', () => {
		const days = fitnessByDay(new Map([[FIRST, 100]]), FIRST, addDays(FIRST, 60));
		const [first, week, sixWeeks] = [0, 7, 42].map((day) => days.get(addDays(FIRST, day))!);
		expect(first!.fitness).toBeCloseTo(100 * (1 - Math.exp(-1 / 42)), 10);
		expect(week!.fatigue / first!.fatigue).toBeCloseTo(1 / Math.E, 10);
		expect(sixWeeks!.fitness / first!.fitness).toBeCloseTo(1 / Math.E, 10);
	});

	it('are the weighted sums of all days so far', () => {
		const loads = new Map([0, 3, 4, 11, 30].map((day) => [addDays(FIRST, day), 40 + day]));
		const last = addDays(FIRST, 40);
		// Calculated independently: what is left of each ride, added up.
		const expected = [...loads].map(([day, load]) => {
			const age = (Date.parse(last) - Date.parse(day)) / 86_400_000;
			return load * (1 - Math.exp(-1 / 42)) * Math.exp(-age / 42);
		});
		expect(fitnessByDay(loads, FIRST, last).get(last)!.fitness).toBeCloseTo(
			expected.reduce((a, b) => a + b),
			10,
		);
	});
});

describe('the load of a ride', () => {
	const ride = { tss: null, normalizedWatts: 200, durationSeconds: 3600 };

	it("is Terra's TSS, else follows from power and threshold, else is unknown", () => {
		expect(loadOf({ ...ride, tss: 0 }, 250)).toBe(0);
		expect(loadOf(ride, 200)).toBe(100);
		expect(loadOf({ ...ride, durationSeconds: 7200 }, 400)).toBe(50);
		expect(loadOf(ride, null)).toBeNull();
		expect(loadOf({ ...ride, normalizedWatts: null }, 250)).toBeNull();
		expect(loadOf({ ...ride, normalizedWatts: 1e308 }, 1e-9)).toBeNull();
	});
});

describe('a period', () => {
	it.each([
		['day', '2026-11-22', '2026-11-22', '2026-11-22'],
		['week', '2026-11-22', '2026-11-16', '2026-11-22'],
		['sundayWeek', '2026-11-22', '2026-11-22', '2026-11-28'],
		['sundayWeek', '2026-11-21', '2026-11-15', '2026-11-21'],
		['month', '2026-02-10', '2026-02-01', '2026-02-28'],
		['month', '2028-02-29', '2028-02-01', '2028-02-29'],
		['month', '2026-12-31', '2026-12-01', '2026-12-31'],
	] as const)('%s of %s lasts from %s to %s', (grouping, day, start, end) => {
		expect([groupStart(day, grouping), groupEnd(day, grouping)]).toEqual([start, end]);
	});
});
