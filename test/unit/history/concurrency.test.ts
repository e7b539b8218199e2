import { createLimit, createLock, mapOrdered } from '../../../nodes/Terra/history/concurrency';

/** A task that runs until `end` is called. */
function task() {
	let end = () => {};
	const promise = new Promise<void>((resolve) => (end = resolve));
	return { promise, end };
}

const settle = async () => await new Promise((resolve) => setImmediate(resolve));

/** Lock and limit combined, as `athletes.ts` does. */
function createTurns(concurrency: number) {
	const [lock, limit] = [createLock(), createLimit(concurrency)];
	return async <T>(key: string, run: () => Promise<T>) =>
		await lock(key)(async () => await limit(run));
}

describe('createLock and createLimit', () => {
	it('runs one task at a time for each athlete, in the order asked, and different athletes in parallel', async () => {
		const turns = createTurns(2);
		const begun: string[] = [];
		const [a1, a2, b1, c1] = [task(), task(), task(), task()];
		const start = (name: string, { promise }: { promise: Promise<void> }) =>
			turns(name[0]!, async () => {
				begun.push(name);
				await promise;
			});
		const all = [start('a1', a1), start('a2', a2), start('b1', b1), start('c1', c1)];
		await settle();
		expect(begun).toEqual(['a1', 'b1']);
		b1.end();
		await settle();
		expect(begun).toEqual(['a1', 'b1', 'c1']);
		a1.end();
		await settle();
		expect(begun).toEqual(['a1', 'b1', 'c1', 'a2']);
		[a2, c1].forEach(({ end }) => end());
		await Promise.all(all);
	});

	it('carries on after a failure, which only its own caller sees', async () => {
		const turns = createTurns(1);
		const failing = turns('a', async () => {
			throw new Error('no');
		});
		const next = turns('a', async () => 'yes');
		await expect(failing).rejects.toThrow('no');
		await expect(next).resolves.toBe('yes');
	});
});

describe('mapOrdered', () => {
	it('handles every element, never more at once than allowed, and reads no further ahead', async () => {
		let open = 0;
		let most = 0;
		let read = 0;
		const done: number[] = [];
		async function* source() {
			for (let i = 0; i < 20; i++) {
				read++;
				expect(read - done.length).toBeLessThanOrEqual(3);
				yield i;
			}
		}
		const results = await mapOrdered(source(), 3, async (element) => {
			most = Math.max(most, ++open);
			await settle();
			open--;
			if (element % 3 === 0) await settle();
			done.push(element);
			return element * 2;
		});
		expect(most).toBe(3);
		expect(done.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
		expect(results).toEqual(done.map((element) => element * 2));
	});

	it('starts nothing new after a failure, and waits for what is running', async () => {
		const begun: number[] = [];
		let isOver = false;
		const work = mapOrdered([1, 2, 3, 4], 2, async (element) => {
			begun.push(element);
			if (element === 1) throw new Error('no');
			await settle();
			isOver = true;
		});
		await expect(work).rejects.toThrow('no');
		expect(begun).toEqual([1, 2]);
		expect(isOver).toBe(true);
	});
});
