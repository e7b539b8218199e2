import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Member } from './member';
import { runtimeFolder } from './paths';
import type { Address, Services } from './services';

export interface QueueModeOptions {
	services: Services;
	/** The packed node package, installed in every process. */
	tarball: string;
	webhooks: number;
	workers: number;
	/** Executions that a worker runs at a time. Default 10, like n8n's. */
	concurrency?: number;
	/** Environment variables for all processes; override those of queue mode. */
	env?: Record<string, string>;
	/** Addresses at which n8n reaches the two servers, such as a proxy's; default: those of `services`. */
	via?: { postgres: Address; redis: Address };
}

/** n8n in queue mode: a main process without production webhooks, webhook processes, and workers. */
export interface QueueMode {
	main: Member;
	webhooks: Member[];
	workers: Member[];
	/** All processes, main first. */
	members: Member[];
	close(): Promise<void>;
}

/** Starts all processes and resolves once each answers. */
export async function startQueueMode(options: QueueModeOptions): Promise<QueueMode> {
	const { tarball } = options;
	const folder = await mkdtemp(join(runtimeFolder, 'queue-'));
	const env = { ...environment(options), ...options.env };
	const members: Member[] = [];
	const close = async () => {
		// Workers first, because a main process that shuts down pauses the queue for all.
		for (const member of [...members].reverse()) await member.stop();
		await rm(folder, { recursive: true, force: true });
	};
	const start = async (name: string, command: 'start' | 'webhook' | 'worker', args?: string[]) => {
		const member = await Member.start({
			tarball,
			command,
			args,
			env,
			userFolder: join(folder, name),
		});
		members.push(member);
		return member;
	};
	const names = (count: number, name: string) =>
		Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

	try {
		// The main process starts first, because it migrates the database.
		const main = await start('main', 'start');
		const concurrency = [`--concurrency=${options.concurrency ?? 10}`];
		const [webhooks, workers] = await Promise.all([
			Promise.all(names(options.webhooks, 'webhook').map((name) => start(name, 'webhook'))),
			Promise.all(
				names(options.workers, 'worker').map((name) => start(name, 'worker', concurrency)),
			),
		]);
		return { main, webhooks, workers, members, close };
	} catch (error) {
		await close();
		throw error;
	}
}

function environment({ services: { postgres, redis }, via }: QueueModeOptions) {
	const { host: databaseHost, port: databasePort } = via?.postgres ?? postgres;
	const { host: redisHost, port: redisPort } = via?.redis ?? redis;
	return {
		EXECUTIONS_MODE: 'queue',
		N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		N8N_ENCRYPTION_KEY: 'queue-mode-example',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: databaseHost,
		DB_POSTGRESDB_PORT: String(databasePort),
		DB_POSTGRESDB_USER: postgres.user,
		DB_POSTGRESDB_DATABASE: postgres.database,
		QUEUE_BULL_REDIS_HOST: redisHost,
		QUEUE_BULL_REDIS_PORT: String(redisPort),
		QUEUE_BULL_PREFIX: redis.prefix,
		N8N_REDIS_KEY_PREFIX: redis.prefix,
	};
}
