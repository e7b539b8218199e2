/**
 * Lets several athletes be served side by side, but each of them one task at a time: Terra asks not to hammer
 * one user, and two items of a workflow may be about the same one.
 */
export class Turns {
	private readonly queues = new Map<string, Promise<void>>();

	private readonly waiting: Array<() => void> = [];

	private free: number;

	constructor(atOnce: number) {
		this.free = atOnce;
	}

	async take<T>(athlete: string, task: () => Promise<T>): Promise<T> {
		const before = this.queues.get(athlete) ?? Promise.resolve();
		const result = before.then(async () => await this.inASeat(task));
		const over = result.then(ignore, ignore);
		this.queues.set(athlete, over);
		try {
			return await result;
		} finally {
			if (this.queues.get(athlete) === over) this.queues.delete(athlete);
		}
	}

	private async inASeat<T>(task: () => Promise<T>): Promise<T> {
		if (this.free > 0) this.free--;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		try {
			return await task();
		} finally {
			const next = this.waiting.shift();
			if (next) next();
			else this.free++;
		}
	}
}

function ignore() {}

/**
 * Works through a source with a few workers. The source is read no faster than they work. After a failure no
 * new work begins; it is thrown when the work in hand is over.
 */
export async function sideBySide<T>(
	source: Iterable<T> | AsyncIterable<T>,
	atOnce: number,
	work: (element: T) => Promise<void>,
): Promise<void> {
	const elements =
		Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
	let isOver = false;
	const worker = async () => {
		try {
			while (!isOver) {
				const { done, value } = await elements.next();
				if (done) return;
				await work(value);
			}
		} finally {
			isOver = true;
		}
	};
	const results = await Promise.allSettled(Array.from({ length: atOnce }, worker));
	const failure = results.find((result) => result.status === 'rejected');
	if (failure) throw failure.reason;
}
