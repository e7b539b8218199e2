import type { AdminVersion, Sandbox } from '../../../sandbox';
import { startSandbox } from '../../../sandbox';
import type { Answer, Query } from '../api';
import { call } from '../api';
import { Receiver } from '../receiver';

export interface Extra {
	token?: string;
	environment?: string;
	headers?: Record<string, string>;
	query?: Query;
}

/** A sandbox whose clock can be moved, a receiver, and a client with the right token. */
export interface Setup {
	sandbox: Sandbox;
	receiver: Receiver;
	/** Unix milliseconds. */
	time: { now: number };
	/** Calls a path under the Admin API's base. */
	ask: (method: string, path: string, body?: unknown, extra?: Extra) => Promise<Answer>;
	/** Calls a path under the environment. */
	admin: (method: string, path: string, body?: unknown, extra?: Extra) => Promise<Answer>;
	close: () => Promise<void>;
}

export const DESTINATIONS = '/unified-api/destinations';

export async function startSetup(version: AdminVersion = '2026.11'): Promise<Setup> {
	const receiver = await new Receiver().start();
	const time = { now: Date.UTC(2026, 10, 21, 12) };
	const sandbox = await startSandbox({ now: () => time.now, timeScale: 1_000_000 });
	sandbox.settings.adminVersion = version;
	sandbox.settings.secondDestinationStatus = null;
	const ask: Setup['ask'] = async (method, path, body, extra = {}) =>
		await call(sandbox, path, extra.query ?? {}, {
			method,
			body,
			base: sandbox.adminBase,
			headers: { authorization: `Bearer ${extra.token ?? sandbox.adminToken}`, ...extra.headers },
		});
	return {
		sandbox,
		receiver,
		time,
		ask,
		admin: async (method, path, body, extra = {}) =>
			await ask(method, `/environments/${extra.environment ?? sandbox.devId}${path}`, body, extra),
		close: async () => {
			await sandbox.close();
			await receiver.stop();
		},
	};
}

/** As above, with the receiver as the destination of the environment. */
export async function startListeningSetup(): Promise<Setup> {
	const setup = await startSetup();
	setup.sandbox.setDestination(setup.receiver.url);
	return setup;
}
