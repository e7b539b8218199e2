import * as fc from 'fast-check';
import { Answer, Batches, inboxOf } from '../../../nodes/Terra/inbox';
import { manualClock } from '../../support/manualClock';

/**
 * A delivery that joins an execution waits up to 5 s for another version of its ride, and 7 s in all; the one that
 * starts it waits only for n8n.
 */
const LONGEST_ANSWER_MS = 7_000;

/** What n8n does with an execution: stores it or not, after a delay, or never answers. */
const fate = fc.record({
	outcome: fc.constantFrom(
		'stored',
		'stored',
		'stored',
		'refused',
		'refused after it was stored',
		'never',
	),
	afterMs: fc.constantFrom(0, 20, 20, 2_000, 3_500, 9_000),
});
const silence = fc.record({ outcome: fc.constant('never' as const), afterMs: fc.constant(0) });
const arrival = fc.record({
	/** Few different ones, so that repetitions and other versions of a ride occur. */
	ride: fc.integer({ min: 0, max: 7 }),
	version: fc.integer({ min: 0, max: 1 }),
	kind: fc.constantFrom('activity', 'activity', 'daily', 'sleep'),
	bytes: fc.constantFrom(4_000, 4_000, 1_500_000, 5_000_000),
	isAlone: fc.constantFrom(false, false, false, true),
	afterMs: fc.constantFrom(0, 0, 0, 0, 5, 1_000, 4_000),
});

type Fate = Pick<typeof fate extends fc.Arbitrary<infer T> ? T : never, 'afterMs'> & {
	outcome: string;
};
type Arrival = typeof arrival extends fc.Arbitrary<infer T> ? T : never;

let nodes = 0;

it('whatever n8n does, nothing is lost, nothing runs twice and nobody waits for ever', async () => {
	const play = async (arrivals: Arrival[], [silent, others]: [Fate[], Fate[]]) => {
		const fates = [...silent, ...others];
		const clock = manualClock();
		const batches = new Batches();
		const inbox = inboxOf(`model ${nodes++}`, {});
		/** The deliveries of each stored execution. */
		const stored: string[][] = [];
		/** The rides that n8n never answers for. */
		const unknown = new Set<string>();
		const open = new Set<string>();
		let starts = 0;

		const deliver = async ({ ride, version, kind, bytes, isAlone }: Arrival) => {
			const id = `${kind} ${ride} ${version}`;
			const arrived = clock.now();
			const request = `${id} at ${arrived} ${Math.random()}`;
			const answered = (answer: Answer) => {
				open.delete(request);
				expect(clock.now() - arrived).toBeLessThanOrEqual(LONGEST_ANSWER_MS);
				if (answer.status === 200) expect(stored.flat()).toContain(id);
			};
			open.add(request);
			const admission = await inbox.admit({
				ids: [id],
				recordKeys: [`${kind} ${ride}`],
				emitted: undefined,
			});
			if (admission instanceof Answer) return answered(admission);
			const items = [{ json: { id, kind } }];
			const outcome = await batches.start({ items, admission, kind, bytes, arrived, isAlone });
			if (outcome instanceof Answer) return answered(outcome);

			open.delete(request);
			const ids = outcome.items.map(({ json }) => String(json.id));
			expect(new Set(ids).size).toBe(ids.length);
			expect(outcome.starts.length).toBeLessThanOrEqual(50);
			expect(new Set(outcome.starts.map((start) => start.kind)).size).toBe(1);
			if (ids.length > 1) {
				expect(outcome.starts.reduce((sum, start) => sum + start.bytes, 0)).toBeLessThan(4_200_000);
				expect(outcome.starts.some((start) => start.isAlone)).toBe(false);
			}
			const { outcome: end, afterMs } = fates[starts++ % fates.length]!;
			if (end === 'never') {
				for (const id of ids) unknown.add(id.replace(/ \d$/, ''));
				return;
			}
			void clock.sleep(afterMs).then(() => {
				if (end !== 'refused') {
					stored.push(ids);
					outcome.store();
				}
				outcome.answered(end === 'stored');
			});
		};

		try {
			const requests: Array<Promise<void>> = [];
			for (const one of arrivals) {
				requests.push(deliver(one));
				await clock.passes(one.afterMs);
			}
			// By now each is answered, or n8n has it.
			await clock.passes(30_000);
			await Promise.all(requests);
			expect([...open]).toEqual([]);
			expect(new Set(stored.flat()).size).toBe(stored.flat().length);

			// Terra repeats all of them: exactly those that were stored are recognised.
			const repeat = async (some: Arrival[]) => {
				for (const { ride, version, kind } of some) {
					const id = `${kind} ${ride} ${version}`;
					const recordKeys = [`${kind} ${ride}`];
					const admission = inbox.admit({ ids: [id], recordKeys, emitted: undefined });
					await clock.passes(5_000);
					const again = await admission;
					expect(again instanceof Answer ? again.text : 'admitted').toBe(
						stored.flat().includes(id) ? 'repeated' : 'admitted',
					);
					if (!(again instanceof Answer)) again.settle(false);
				}
			};
			await repeat(arrivals.filter(({ ride, kind }) => !unknown.has(`${kind} ${ride}`)));
			// Later than n8n could still answer.
			await clock.passes(2 * 3_600_000);
			await repeat(arrivals);
		} finally {
			clock.restore();
		}
	};
	await fc.assert(
		fc.asyncProperty(
			fc.array(arrival, { minLength: 1, maxLength: 60 }),
			// In some runs n8n answers nobody for a while.
			fc.tuple(
				fc.array(silence, { maxLength: 4 }),
				fc.array(fate, { minLength: 1, maxLength: 20 }),
			),
			play,
		),
		{ numRuns: 300 },
	);
}, 60_000);
