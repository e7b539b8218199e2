/** All waiting and reading of time goes through here, so that a test does not take an hour. */
export const clock = {
	/** Unix milliseconds. */
	now: () => Date.now(),

	/** Monotonic milliseconds: unlike the system clock, nobody can set it. */
	running: () => performance.now(),

	/**
	 * Waits; returns early when the signal aborts. Built on Node.js: n8n's rules forbid a node `setTimeout`,
	 * n8n 2.41 no longer has `sleepWithAbort`, and its `sleep` cannot be interrupted.
	 */
	sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
		if (signal?.aborted) return;
		const ends = [clock.deadline(ms), ...(signal ? [signal] : [])];
		await new Promise<void>((resolve) => {
			const wake = () => {
				// Otherwise listeners on the execution's own signal would pile up.
				for (const end of ends) end.removeEventListener('abort', wake);
				resolve();
			};
			for (const end of ends) end.addEventListener('abort', wake);
		});
	},

	/** A signal that aborts after this time. Node.js accepts only whole milliseconds. */
	deadline: (ms: number): AbortSignal => AbortSignal.timeout(Math.max(0, Math.ceil(ms))),
};

/** The promise's value, or undefined if the deadline comes first. The promise itself goes on. */
export async function within<T>(
	promise: Promise<T>,
	deadline: AbortSignal,
): Promise<T | undefined> {
	let onAbort = () => {};
	const late = new Promise<undefined>((resolve) => {
		onAbort = () => resolve(undefined);
		deadline.addEventListener('abort', onAbort, { once: true });
		if (deadline.aborted) onAbort();
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		// Otherwise the value would stay in memory until the deadline.
		deadline.removeEventListener('abort', onAbort);
	}
}
