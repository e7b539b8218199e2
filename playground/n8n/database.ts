import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'pg';

import { installN8n } from './install';
import type { Database } from './services';
import { currentVersion } from './versions';

export interface StoredExecution {
	id: number;
	/** Unix milliseconds. */
	created: number;
	/** `new`, `running`, `success`, `error`, `crashed`, … */
	status: string;
	/** The execution's data in n8n's storage format. */
	data: string;
}

export interface Progress {
	/** All executions, including waiting and finished ones. */
	started: number;
	finished: number;
	failed: number;
	/** When the last execution ended, in unix milliseconds. */
	lastStop: number;
	/** ID of the newest execution. */
	lastId: number;
}

/** Direct access to n8n's database, so that queries do not slow down n8n itself. */
export interface N8nDatabase {
	progress(workflowId: string): Promise<Progress>;
	/** @param after only those with a higher ID */
	executions(workflowId: string, after?: number): Promise<StoredExecution[]>;
	/** Size in bytes of a workflow's newest execution: its data and its copy of the workflow. */
	lastExecutionBytes(workflowId: string): Promise<number>;
	/** Clears a workflow's static data, as a Code node or another package that overwrites it in a worker does. */
	wipeStaticData(workflowId: string): Promise<void>;
	/** Runs any SQL statement. In SQLite, changes need a database that was opened as writable. */
	run(sql: string): Promise<void>;
	close(): Promise<void>;
}

interface Dialect {
	query<T>(sql: string): Promise<T[]>;
	milliseconds(column: string): string;
	bytes(column: string): string;
	close(): Promise<void>;
}

/** Opens the SQLite database of the n8n with this user folder; n8n must have been started once to create it. */
export async function openSqlite(userFolder: string, writable = false): Promise<N8nDatabase> {
	const { node } = await installN8n(currentVersion);
	const reader = spawn(
		node.binary,
		[
			'--disable-warning=ExperimentalWarning',
			require.resolve('./readSqlite.js'),
			join(userFolder, '.n8n/database.sqlite'),
			...(writable ? ['writable'] : []),
		],
		{ stdio: ['pipe', 'pipe', 'inherit'] },
	);
	const waiting: Array<(line: string) => void> = [];
	createInterface(reader.stdout).on('line', (line) => waiting.shift()?.(line));

	return database({
		async query<T>(sql: string) {
			const line = await new Promise<string>((resolve) => {
				waiting.push(resolve);
				reader.stdin.write(`${JSON.stringify(sql)}\n`);
			});
			const answer = JSON.parse(line) as { rows: T[] } | { error: string };
			if ('error' in answer) throw new Error(answer.error);
			return answer.rows;
		},
		milliseconds: (column) => `unixepoch(${column}, 'subsec') * 1000`,
		bytes: (column) => `octet_length(${column})`,
		async close() {
			reader.stdin.end();
			await new Promise((resolve) => reader.once('close', resolve));
		},
	});
}

/** Can also change a workflow's static data. */
export interface PostgresDatabase extends N8nDatabase {
	setStaticData(workflowId: string, path: string[], value: number): Promise<void>;
}

export function openPostgres({ host, port, user, database: name }: Database): PostgresDatabase {
	const pool = new Pool({ host, port, user, database: name, max: 2 });
	const common = database({
		query: async <T>(sql: string) => (await pool.query(sql)).rows as T[],
		milliseconds: (column) => `extract(epoch from ${column})::float8 * 1000`,
		bytes: (column) => `octet_length(${column}::text)`,
		close: async () => await pool.end(),
	});
	return {
		...common,
		async setStaticData(workflowId, path, value) {
			await pool.query(
				`UPDATE workflow_entity
				SET "staticData" = jsonb_set("staticData"::jsonb, $2, to_jsonb($3::bigint))::json WHERE id = $1`,
				[workflowId, path, value],
			);
		},
	};
}

function database({ query, milliseconds, bytes, close }: Dialect): N8nDatabase {
	const of = (workflowId: string) => `WHERE e."workflowId" = '${workflowId}'`;
	return {
		async progress(workflowId) {
			const [row] = await query<Record<keyof Progress, number | string | null>>(
				`SELECT count(*) AS started,
					count(e."stoppedAt") AS finished,
					sum(CASE WHEN e.status NOT IN ('success', 'running', 'new') THEN 1 ELSE 0 END) AS failed,
					max(${milliseconds('e."stoppedAt"')}) AS "lastStop",
					max(e.id) AS "lastId"
				FROM execution_entity e ${of(workflowId)}
				-- Executions that n8n does not save stay "running" until they are pruned.
				AND e."deletedAt" IS NULL`,
			);
			return {
				started: Number(row!.started),
				finished: Number(row!.finished),
				failed: Number(row!.failed),
				lastStop: Number(row!.lastStop),
				lastId: Number(row!.lastId),
			};
		},
		executions: async (workflowId, after = 0) =>
			await query(
				`SELECT e.id, ${milliseconds('e."createdAt"')} AS created, e.status, d.data FROM execution_entity e
				JOIN execution_data d ON d."executionId" = e.id ${of(workflowId)} AND e.id > ${after} ORDER BY e.id`,
			),
		async lastExecutionBytes(workflowId) {
			const [row] = await query<{ bytes: number | string }>(
				`SELECT ${bytes('d.data')} + ${bytes('d."workflowData"')} AS bytes
				FROM execution_entity e JOIN execution_data d ON d."executionId" = e.id
				${of(workflowId)} ORDER BY e.id DESC LIMIT 1`,
			);
			return Number(row!.bytes);
		},
		async wipeStaticData(workflowId) {
			await query(`UPDATE workflow_entity SET "staticData" = NULL WHERE id = '${workflowId}'`);
		},
		run: async (sql) => void (await query(sql)),
		close,
	};
}
