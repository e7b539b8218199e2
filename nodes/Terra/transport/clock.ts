import { sleep } from 'n8n-workflow';

/** Every wait and every look at the clock goes through here, so that a test need not live through an hour. */
export const timing = {
	now: () => Date.now(),
	sleep: async (ms: number): Promise<void> => await sleep(ms),
};

/** Waits, or ends at once when the execution is cancelled. */
export async function sleepUnlessCancelled(ms: number, signal?: AbortSignal): Promise<void> {
	if (signal?.aborted) return;
	let wake = () => {};
	const cancelled = new Promise<void>((resolve) => {
		wake = resolve;
		signal?.addEventListener('abort', wake, { once: true });
	});
	await Promise.race([timing.sleep(ms), cancelled]);
	signal?.removeEventListener('abort', wake);
}
