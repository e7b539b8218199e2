/**
 * Polls `probe` until it returns something other than `undefined`, and returns that.
 *
 * @param waitingFor completes the error message "No … within 30 s"
 * @throws Error after `seconds`
 */
export async function waitFor<T>(
	waitingFor: string,
	probe: () => Promise<T | undefined>,
	{ seconds = 30, everyMs = 200 } = {},
): Promise<T> {
	const deadline = Date.now() + seconds * 1000;
	for (;;) {
		const found = await probe();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`No ${waitingFor} within ${seconds} s`);
		await new Promise((resolve) => setTimeout(resolve, everyMs));
	}
}
