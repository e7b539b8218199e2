import { sleepWithAbort } from 'n8n-workflow';

/** Every wait and every look at the clock goes through here, so that a test need not live through an hour. */
export const clock = {
	/** Unix milliseconds. */
	now: () => Date.now(),

	/** Waits; returns early when the signal aborts. */
	sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
		if (signal?.aborted) return;
		// Listeners on the execution's own signal would pile up: n8n's helper never removes its own.
		const waking = new AbortController();
		const wake = () => waking.abort();
		signal?.addEventListener('abort', wake, { once: true });
		await sleepWithAbort(ms, waking.signal).catch(() => undefined);
		signal?.removeEventListener('abort', wake);
	},

	/** A signal that aborts after the time. */
	deadline: (ms: number): AbortSignal => AbortSignal.timeout(ms),
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
