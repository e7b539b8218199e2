import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export const host = '127.0.0.1';

/** A free port: `preferred`, or the next free one after it. Without `preferred`, any free port. */
export async function freePort(preferred = 0): Promise<number> {
	try {
		return await bindAndRelease(preferred);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
		return await freePort(preferred + 1);
	}
}

/**
 * Checks that a port is free.
 *
 * @param remedy the command that selects another port
 * @throws Error if the port cannot be used
 */
export async function needPort(port: number, remedy: string): Promise<void> {
	try {
		await bindAndRelease(port);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		const why =
			code === 'EADDRINUSE'
				? 'is taken by another program'
				: code === 'EACCES'
					? 'needs administrator rights'
					: `cannot be used (${code})`;
		throw new Error(`Port ${port} ${why}. Choose another one: ${remedy}`);
	}
}

function bindAndRelease(port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(port, host, () => {
			const bound = (server.address() as AddressInfo).port;
			server.close(() => resolve(bound));
		});
	});
}
