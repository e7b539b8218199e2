/**
 * Maps a source with a few workers, and returns the results in the order of the source. The source is read no faster
 * than the workers need it. After a failure no new work begins; the error is thrown once the work in progress has ended.
 */
export async function mapOrdered<T, R>(
	source: Iterable<T> | AsyncIterable<T>,
	concurrency: number,
	map: (element: T) => Promise<R>,
): Promise<R[]> {
	const elements =
		Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
	const results: R[] = [];
	let count = 0;
	let isDone = false;
	const worker = async () => {
		try {
			while (!isDone) {
				const { done, value } = await elements.next();
				if (done) return;
				const index = count++;
				results[index] = await map(value);
			}
		} finally {
			isDone = true;
		}
	};
	const workers = await Promise.allSettled(Array.from({ length: concurrency }, worker));
	const failure = workers.find((result) => result.status === 'rejected');
	if (failure) throw failure.reason;
	return results;
}

type Run = <T>(task: () => Promise<T>) => Promise<T>;

/** Lets at most this many tasks run at a time; the others wait in order. */
export function createLimit(concurrency: number): Run {
	const waiting: Array<() => void> = [];
	let free = concurrency;
	return async (task) => {
		if (free > 0) free--;
		else await new Promise<void>((resolve) => waiting.push(resolve));
		try {
			return await task();
		} finally {
			const next = waiting.shift();
			if (next) next();
			else free++;
		}
	};
}

/** Runs one task at a time for each key; the others of that key wait in order. */
export function createLock(): (key: string) => Run {
	const tails = new Map<string, Promise<void>>();
	return (key) => async (task) => {
		const before = tails.get(key) ?? Promise.resolve();
		const result = before.then(task);
		const tail = result.then(
			() => {},
			() => {},
		);
		tails.set(key, tail);
		try {
			return await result;
		} finally {
			if (tails.get(key) === tail) tails.delete(key);
		}
	};
}
