import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export const host = '127.0.0.1';

/** A port nobody listens on: `preferred` or the next free one after it; any without a preference. */
export async function freePort(preferred = 0): Promise<number> {
	try {
		return await bindAndRelease(preferred);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
		return await freePort(preferred + 1);
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
