/** Limits concurrent tasks per key; the others wait in order. */
export class Limiter {
	private readonly running = new Map<string, number>();

	private readonly waiting = new Map<string, Array<() => void>>();

	constructor(private readonly limit: number) {}

	async run<T>(key: string, task: () => Promise<T>): Promise<T> {
		await this.enter(key);
		try {
			return await task();
		} finally {
			this.leave(key);
		}
	}

	private async enter(key: string): Promise<void> {
		const running = this.running.get(key) ?? 0;
		if (running < this.limit) {
			this.running.set(key, running + 1);
			return;
		}
		await new Promise<void>((resolve) => {
			const queue = this.waiting.get(key) ?? [];
			queue.push(resolve);
			this.waiting.set(key, queue);
		});
	}

	/** Hands the slot straight to the next task, so that no other task can take it in between. */
	private leave(key: string): void {
		const next = this.waiting.get(key)?.shift();
		if (next) next();
		else this.running.set(key, (this.running.get(key) ?? 1) - 1);
	}
}
