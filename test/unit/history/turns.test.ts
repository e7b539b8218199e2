import { sideBySide, Turns } from '../../../nodes/Terra/history/turns';

/** A task that lasts until it is told to end. */
function task() {
	let end = () => {};
	const promise = new Promise<void>((resolve) => (end = resolve));
	return { promise, end };
}

const settle = async () => await new Promise((resolve) => setImmediate(resolve));

describe('Turns', () => {
	it('serves one athlete after the other in the order of asking, others beside them', async () => {
		const turns = new Turns(2);
		const begun: string[] = [];
		const [a1, a2, b1, c1] = [task(), task(), task(), task()];
		const start = (name: string, { promise }: { promise: Promise<void> }) =>
			turns.take(name[0]!, async () => {
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

	it('goes on after a failure, which only its own caller sees', async () => {
		const turns = new Turns(1);
		const failing = turns.take('a', async () => {
			throw new Error('no');
		});
		const next = turns.take('a', async () => 'yes');
		await expect(failing).rejects.toThrow('no');
		await expect(next).resolves.toBe('yes');
	});
});

describe('sideBySide', () => {
	it('works on all, never on more at once, and reads no further ahead', async () => {
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
		await sideBySide(source(), 3, async (element) => {
			most = Math.max(most, ++open);
			await settle();
			open--;
			done.push(element);
		});
		expect(most).toBe(3);
		expect(done.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
	});

	it('begins nothing new after a failure, and waits for what is under way', async () => {
		const begun: number[] = [];
		let isOver = false;
		const work = sideBySide([1, 2, 3, 4], 2, async (element) => {
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
