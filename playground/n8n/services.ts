import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';

import { run } from './command';
import { freePort, host } from './ports';
import { waitFor } from './wait';

export interface Address {
	host: string;
	port: number;
}

/** A PostgreSQL database, with a user that needs no password. */
export type Database = Address & { user: string; database: string };

/** A database for one run; `close` deletes it. */
export type PostgresDatabase = Database & { close(): Promise<void> };

/** PostgreSQL and Redis for one run of n8n in queue mode, with a separate database and key prefix. */
export interface Services {
	postgres: Database;
	/** All keys of the run start with `prefix`. */
	redis: Address & { prefix: string };
	/** Deletes the run's keys, like a restart of a Redis without persistence. */
	emptyRedis(): Promise<void>;
	/** Deletes everything the run created, and stops the servers that were started for it. */
	close(): Promise<void>;
}

const localPostgres: Address = { host, port: 5432 };
const localRedis: Address = { host, port: 6379 };
const superuser = 'postgres';

/**
 * Explains why queue mode cannot run on this machine; undefined if it can. Synchronous, because tests need it when they
 * are defined.
 */
export function missingServices(): string | undefined {
	return missingText([...withoutPostgres(), ...withoutRedis()]);
}

/** The same for PostgreSQL only. */
export function missingPostgres(): string | undefined {
	return missingText(withoutPostgres());
}

interface Missing {
	name: string;
	debian: string;
}

function withoutPostgres(): Missing[] {
	if (isListening(localPostgres) || findProgram('initdb')) return [];
	return [{ name: 'PostgreSQL', debian: 'postgresql' }];
}

function withoutRedis(): Missing[] {
	if (isListening(localRedis) || findProgram('redis-server')) return [];
	return [{ name: 'Redis', debian: 'redis-server' }];
}

function missingText(missing: readonly Missing[]): string | undefined {
	if (missing.length === 0) return undefined;
	const names = missing.map(({ name }) => name).join(' and no ');
	const packages = missing.map(({ debian }) => debian).join(' ');
	return `No ${names}: neither running on the default port of localhost nor installed (Debian: apt-get install ${packages}).`;
}

/** Uses the servers on localhost; starts those that are not running. */
export async function startServices(): Promise<Services> {
	return await undoable(async (undo, close) => {
		const name = nameOfRun();
		const postgres = await createDatabase(name, undo);
		const redis = isListening(localRedis) ? localRedis : await startRedis(undo);
		const emptyRedis = () => deleteKeys(redis, name);
		undo.push(emptyRedis);
		return { postgres, redis: { ...redis, prefix: name }, emptyRedis, close };
	});
}

/** Uses PostgreSQL on localhost, or starts it if it is not running. */
export async function startPostgresDatabase(): Promise<PostgresDatabase> {
	return await undoable(async (undo, close) => {
		return { ...(await createDatabase(nameOfRun(), undo)), close };
	});
}

type Undo = Array<() => Promise<void>>;

/** Runs `start`. What it adds to `undo` runs in reverse order on `close`, or at once if `start` fails. */
async function undoable<T>(
	start: (undo: Undo, close: () => Promise<void>) => Promise<T>,
): Promise<T> {
	const undo: Undo = [];
	const close = async () => {
		for (const step of undo.reverse()) await step();
	};
	try {
		return await start(undo, close);
	} catch (error) {
		await close();
		throw error;
	}
}

const nameOfRun = () => `terra_${randomUUID().slice(0, 8)}`;

async function createDatabase(name: string, undo: Undo): Promise<Database> {
	const postgres = isListening(localPostgres) ? localPostgres : await startPostgres(undo);
	await administer(postgres, `CREATE DATABASE ${name}`);
	undo.push(() => administer(postgres, `DROP DATABASE ${name} WITH (FORCE)`));
	return { ...postgres, user: superuser, database: name };
}

async function administer({ host, port }: Address, statement: string): Promise<void> {
	const client = new Client({ host, port, user: superuser, database: 'postgres' });
	await client.connect();
	try {
		await client.query(statement);
	} finally {
		await client.end();
	}
}

async function deleteKeys({ host, port }: Address, prefix: string): Promise<void> {
	const redis = new Redis({ host, port });
	try {
		for await (const keys of redis.scanStream({ match: `*${prefix}*`, count: 1000 })) {
			if (keys.length > 0) await redis.del(keys as string[]);
		}
	} finally {
		redis.disconnect();
	}
}

async function startRedis(undo: Undo): Promise<Address> {
	const port = await freePort();
	const settings = ['--bind', host, '--port', String(port), '--save', '', '--appendonly', 'no'];
	const server = spawn(findProgram('redis-server')!, settings, { stdio: 'ignore' });
	undo.push(() => stopServer(server));
	await waitFor('answer from Redis', async () => isListening({ host, port }) || undefined);
	return { host, port };
}

/** PostgreSQL refuses to run as root; then it runs as the user that its package created. */
async function startPostgres(undo: Undo): Promise<Address> {
	const port = await freePort();
	const folder = await mkdtemp(join(tmpdir(), 'terra-postgres-'));
	undo.push(() => rm(folder, { recursive: true, force: true }));
	const data = join(folder, 'data');
	await mkdir(data);
	const owner = { cwd: folder, ...postgresUser() };
	if (owner.uid !== undefined) {
		await chmod(folder, 0o755);
		await chown(data, owner.uid, owner.gid);
	}

	await run(
		findProgram('initdb')!,
		['-D', data, '-U', superuser, '-A', 'trust', '--no-sync'],
		owner,
	);
	const listen = ['-D', data, '-h', host, '-p', String(port), '-k', data, '-c', 'fsync=off'];
	// Not through a command such as runuser, which does not forward the signal that stops PostgreSQL.
	const server = spawn(findProgram('postgres')!, listen, { stdio: 'ignore', ...owner });
	undo.push(() => stopServer(server));
	await waitFor(
		'answer from PostgreSQL',
		async () =>
			await administer({ host, port }, 'SELECT 1').then(
				() => true,
				() => undefined,
			),
	);
	return { host, port };
}

/** The user that PostgreSQL must run as; empty: the current user. */
function postgresUser(): { uid: number; gid: number } | { uid?: undefined } {
	if (process.getuid?.() !== 0) return {};
	const id = (option: string) => Number(spawnSync('id', [option, superuser]).stdout);
	return { uid: id('-u'), gid: id('-g') };
}

async function stopServer(server: ChildProcess): Promise<void> {
	if (server.exitCode !== null) return;
	await new Promise<void>((resolve) => {
		server.once('close', () => resolve());
		// SIGINT is PostgreSQL's "fast" shutdown. Redis stops on it too.
		server.kill('SIGINT');
	});
}

/** The path of an installed program. Debian installs PostgreSQL's outside of PATH. */
function findProgram(name: string): string | undefined {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
	const folders = [
		...(process.env.PATH ?? '').split(delimiter),
		...versions.map((version) => join(debian, version, 'bin')),
	];
	return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function isListening({ host, port }: Address): boolean {
	const attempt = `require('node:net').connect(${port}, '${host}', () => process.exit(0)).on('error', () => process.exit(1))`;
	return spawnSync(process.execPath, ['-e', attempt], { timeout: 5000 }).status === 0;
}
