const secondsBetweenLines = 15;

/**
 * Shows the progress of a long step: in a terminal one line that counts seconds, in a log a line every 15 seconds.
 * Resolves or rejects with the result of `work`.
 */
export async function withProgress<T>(step: string, work: () => Promise<T>): Promise<T> {
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	const terminal = process.stdout.isTTY;

	const show = () =>
		process.stdout.write(
			terminal ? `\r  ${step} … ${seconds()} s` : `  ${step} … ${seconds()} s\n`,
		);
	show();
	const timer = setInterval(show, terminal ? 1000 : secondsBetweenLines * 1000);
	try {
		const result = await work();
		process.stdout.write(`${terminal ? '\r' : ''}  ${step}: done in ${seconds()} s\n`);
		return result;
	} catch (error) {
		process.stdout.write(`${terminal ? '\n' : ''}`);
		throw error;
	} finally {
		clearInterval(timer);
	}
}
