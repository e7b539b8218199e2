import fc from 'fast-check';
import { cutWindow, type Order } from '../../../nodes/Terra/terra/days';
import { identityOf } from '../../../nodes/Terra/terra/events';
import { timesOf } from '../../../nodes/Terra/terra/recordTimes';
import { Timeline } from '../../../nodes/Terra/history/timeline';

const at = (start_time: unknown) => timesOf('activity', { metadata: { start_time } }, 'UTC');

const WHOLE = { start_date: '2026-01-01', end_date: '2026-03-01' };

interface Ride {
	id: string;
	/** Minutes after the start of the range. */
	start: number;
	minutes: number;
	offset: number;
}

const rides = fc
	.uniqueArray(
		fc.record({
			start: fc.integer({ min: 0, max: 59 * 24 * 60 - 1 }),
			minutes: fc.integer({ min: 0, max: 1_440 }),
			offset: fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15),
		}),
		{ selector: ({ start }) => start, maxLength: 60 },
	)
	.map((list): Ride[] => list.map((ride, index) => ({ ...ride, id: `ride-${index}` })));

const startOf = (ride: Ride) => Date.parse(WHOLE.start_date) + ride.start * 60_000;

function timestampOf({ offset, ...ride }: Ride): string {
	const local = new Date(startOf({ offset, ...ride }) + offset * 60_000).toISOString().slice(0, -1);
	const size = Math.abs(offset);
	const two = (part: number) => String(part).padStart(2, '0');
	return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** What Terra returns for a window: every ride that overlaps it. */
const answer = (all: Ride[], start: string, end: string) =>
	all.filter(
		(ride) =>
			startOf(ride) < Date.parse(end) && startOf(ride) + ride.minutes * 60_000 >= Date.parse(start),
	);

const sorted = (all: Ride[], order: Order) =>
	[...all]
		.sort((a, b) => (order === 'newest' ? b.start - a.start : a.start - b.start))
		.map(({ id }) => id);

const order = fc.constantFrom<Order>('newest', 'oldest');

describe('Timeline', () => {
	it('lists each record once, in order, and is full only when no later window can change the list', () => {
		fc.assert(
			fc.property(
				rides,
				order,
				fc.integer({ min: 1, max: 30 }),
				fc.integer({ min: 1, max: 20 }),
				(all, inOrder, daysPerWindow, limit) => {
					const timeline = new Timeline<string>(inOrder, limit);
					for (const window of cutWindow(WHOLE, daysPerWindow, inOrder)) {
						for (const ride of answer(all, window.start_date, window.end_date)) {
							timeline.add(ride.id, at(timestampOf(ride)), ride.id);
						}
						if (timeline.isFullAfter(window)) break;
					}
					expect(timeline.list().map(({ value }) => value)).toEqual(
						sorted(all, inOrder).slice(0, limit),
					);
				},
			),
			{ numRuns: 500 },
		);
	});

	it('is full once the limit is reached', () => {
		const timeline = new Timeline<number>('newest', 2);
		for (let hour = 10; hour < 14; hour++)
			timeline.add(`${hour}`, at(`2026-02-27T${hour}:00:00Z`), hour);
		expect(timeline.isFullAfter({ start_date: '2026-02-20', end_date: '2026-03-01' })).toBe(true);
		expect(timeline.list().map(({ value }) => value)).toEqual([13, 12]);
	});

	it('gives the same order whichever athlete answers first', () => {
		const same = ['2026-02-27T10:00:00Z', '2026-02-27T11:00:00+01:00', '2026-02-27T10:00:00'];
		fc.assert(
			fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), order, (arrival, inOrder) => {
				const timeline = new Timeline<number>(inOrder);
				arrival.forEach((index) => timeline.add(`athlete-${index}`, at(same[index]), index));
				expect(timeline.list().map(({ value }) => value)).toEqual([0, 1, 2]);
			}),
		);
	});

	it('puts records without a time last, and counts none of them too early or twice', () => {
		const timeline = new Timeline<string>('newest', 2);
		timeline.add(undefined, at(null), 'no time');
		timeline.add('a', at('2026-02-27T10:00:00Z'), 'a');
		expect(timeline.isFullAfter({ start_date: '2026-02-20', end_date: '2026-03-01' })).toBe(false);
		timeline.add('a', at('2026-02-27T10:00:00Z'), 'a, later version');
		expect(timeline.list().map(({ value }) => value)).toEqual(['a, later version', 'no time']);
	});
});

describe('identityOf', () => {
	const record = (metadata: object) => ({ metadata });
	const times = { start_time: '2026-11-21T00:00:00+01:00', end_time: '2026-11-22T00:00:00+01:00' };

	it.each(['activity', 'sleep'] as const)('of %s is the summary ID', (type) => {
		expect(identityOf(type, record({ ...times, summary_id: 'x' }))).toBe('x');
	});

	it.each(['body', 'daily', 'menstruation', 'nutrition'] as const)(
		"of %s is the athlete's day",
		(type) => {
			expect(identityOf(type, record({ ...times, summary_id: 'x' }))).toBe('2026-11-21');
		},
	);

	it('falls back to the start time without an ID, and is undefined without either', () => {
		const { start_time } = times;
		expect(identityOf('activity', record(times))).toBe(start_time);
		expect(identityOf('activity', record({ ...times, summary_id: null }))).toBe(start_time);
		for (const nothing of [record({}), {}, null, 'text', { metadata: null }]) {
			expect(identityOf('activity', nothing)).toBeUndefined();
			expect(identityOf('daily', nothing)).toBeUndefined();
		}
	});
});
