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

/** A sandbox with a clock to move, a receiver, and a client with the right token. */
export interface Desk {
	sandbox: Sandbox;
	receiver: Receiver;
	/** Unix milliseconds. */
	time: { now: number };
	/** Below the Admin API's base. */
	ask: (method: string, path: string, body?: unknown, extra?: Extra) => Promise<Answer>;
	/** Below the environment. */
	admin: (method: string, path: string, body?: unknown, extra?: Extra) => Promise<Answer>;
	close: () => Promise<void>;
}

export const DESTINATIONS = '/unified-api/destinations';

export async function openDesk(version: AdminVersion = '2026.11'): Promise<Desk> {
	const receiver = await new Receiver().start();
	const time = { now: Date.UTC(2026, 10, 21, 12) };
	const sandbox = await startSandbox({ now: () => time.now, timeScale: 1_000_000 });
	sandbox.settings.adminVersion = version;
	sandbox.settings.secondDestinationStatus = null;
	const ask: Desk['ask'] = async (method, path, body, extra = {}) =>
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

/** One whose receiver gets what Terra sends. */
export async function openListeningDesk(): Promise<Desk> {
	const desk = await openDesk();
	desk.sandbox.setDestination(desk.receiver.url);
	return desk;
}
