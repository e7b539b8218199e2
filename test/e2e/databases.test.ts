import { randomUUID } from 'node:crypto';
import type { IDataObject, INode } from 'n8n-workflow';
import { Client } from 'pg';

import type { Workflow } from '../../playground/n8n';
import {
	missingPostgres,
	startPostgresDatabase,
	type PostgresDatabase,
} from '../../playground/n8n/services';
import type { Activity } from '../../sandbox';
import { describeUnless } from '../support/describeUnless';
import type { World } from './support';
import { startWorld } from './support';

jest.setTimeout(300_000);

/** The stored columns of a ride and their types, for PostgreSQL and for a Data Table of n8n. */
const COLUMNS = [
	['activity_key', 'text PRIMARY KEY', 'string'],
	['reference_id', 'text', 'string'],
	['summary_id', 'text', 'string'],
	['name', 'text', 'string'],
	['local_date', 'date', 'string'],
	['start_time', 'timestamptz', 'date'],
	['utc_offset', 'text', 'string'],
	['duration', 'interval', 'string'],
	['distance_meters', 'double precision', 'number'],
	['device', 'text', 'string'],
] as const;

const ride = (summary_id: unknown, start_time: string, end_time: string, metadata: object = {}) =>
	({
		metadata: { summary_id, start_time, end_time, type: 16, upload_type: 1, ...metadata },
		distance_data: { summary: { distance_meters: 30_612.5 } },
		device_data: { name: 'ELEMNT\0\0', manufacturer: 'Wahoo' },
	}) as unknown as Activity;

/** Rides with values that are difficult for databases. */
const RIDES = [
	ride('9007199254740993', '2026-11-10T07:00:00.000000+05:45', '2026-11-10T08:15:30+05:45', {
		name: "Hills\0\0\0 & 'valleys' — 山道 🚴",
	}),
	ride('9007199254740995', '2026-11-11T23:30:00.000000-07:00', '2026-11-12T00:30:00-07:00', {
		name: '=1+1',
	}),
	// Larger than JSON can represent exactly, so two IDs become equal when read.
	ride(2 ** 61, '2026-11-12T09:00:00.000000+01:00', '2026-11-12T10:00:00+01:00', { name: '\0' }),
	ride(2 ** 61, '2026-11-13T09:00:00.000000+01:00', '2026-11-13T10:00:00+01:00', { name: null }),
];

const STORED = [
	{
		activity_key: '0042:XERT:9007199254740993',
		summary_id: '9007199254740993',
		name: "Hills & 'valleys' — 山道 🚴",
		local_date: '2026-11-10',
		start_time: '2026-11-10T01:15:00.000Z',
		utc_offset: 'UTC+05:45',
		duration: '1:15:30',
	},
	{
		activity_key: '0042:XERT:9007199254740995',
		summary_id: '9007199254740995',
		name: '=1+1',
		local_date: '2026-11-11',
		start_time: '2026-11-12T06:30:00.000Z',
		utc_offset: 'UTC-07:00',
		duration: '1:00:00',
	},
	...[12, 13].map((day) => ({
		activity_key: `0042:XERT:2026-11-${day}T09:00:00.000000+01:00`,
		summary_id: null,
		name: null,
		local_date: `2026-11-${day}`,
		start_time: `2026-11-${day}T08:00:00.000Z`,
		utc_offset: 'UTC+01:00',
		duration: '1:00:00',
	})),
].map((row) => ({
	...row,
	reference_id: '0042',
	distance_meters: 30_612.5,
	device: 'Wahoo ELEMNT',
}));

describeUnless(missingPostgres(), 'rides in PostgreSQL and in a Data Table', () => {
	let world: World;
	let postgres: PostgresDatabase;
	let database: Client;
	let workflow: Workflow;
	let tableId: string;

	beforeAll(async () => {
		postgres = await startPostgresDatabase();
		const { host, port, user, database: name } = postgres;
		database = new Client({ host, port, user, database: name });
		await database.connect();
		await database.query(
			`CREATE TABLE rides (${COLUMNS.map(([column, type]) => `${column} ${type}`).join()})`,
		);
		world = await startWorld();
		const { client, sandbox } = world;
		const { id } = await client.createDataTable(
			'Rides',
			COLUMNS.map(([column, , type]) => ({ name: column, type })),
		);
		tableId = id;
		const athlete = sandbox.addUser({ reference_id: '0042', historyDays: 0 });
		sandbox.addActivities(athlete.user_id, RIDES);
		workflow = await storingWorkflow();
	});
	afterAll(async () => {
		await database?.end();
		await world?.close();
		await postgres?.close();
	});

	/** A workflow By Hand → Get Rides → PostgreSQL and Data Table. */
	async function storingWorkflow(): Promise<Workflow> {
		const { client, credential } = world;
		const { host, port, user, database: name } = postgres;
		const postgresCredential = await client.createCredential('Database', 'postgres', {
			host,
			port,
			user,
			database: name,
			password: '',
			ssl: 'disable',
		});
		const named = ({ id, name }: { id: string; name: string }) => ({ id, name });
		const node = (name: string, type: string, typeVersion: number, more: Partial<INode>) => ({
			id: randomUUID(),
			name,
			type,
			typeVersion,
			position: [0, 0] as [number, number],
			parameters: {},
			...more,
		});
		const value = (text: string, mode = 'name') => ({ __rl: true, mode, value: text });
		const columns = { mappingMode: 'autoMapInputData', value: {}, matchingColumns: [], schema: [] };
		const to = (...names: string[]) => ({
			main: [names.map((name) => ({ node: name, type: 'main' as const, index: 0 }))],
		});
		return await client.createWorkflow({
			name: 'Rides to databases',
			nodes: [
				node('By Hand', 'n8n-nodes-base.manualTrigger', 1, {}),
				node('Get Rides', 'n8n-nodes-terra.terra', 1, {
					parameters: {
						resource: 'activity',
						operation: 'getAll',
						user: value('0042', 'reference'),
						period: 'custom',
						from: '2026-11-10',
						to: '2026-11-13',
						returnAll: true,
						columns: 'selected',
						selectedColumns: COLUMNS.map(([column]) => column),
					},
					credentials: { terraApi: named(credential) },
				}),
				node('PostgreSQL', 'n8n-nodes-base.postgres', 2.6, {
					parameters: {
						resource: 'database',
						operation: 'insert',
						schema: value('public'),
						table: value('rides'),
						columns,
						// A ride that exists already is not changed.
						options: { skipOnConflict: true },
					},
					credentials: { postgres: named(postgresCredential) },
				}),
				node('Data Table', 'n8n-nodes-base.dataTable', 1.1, {
					parameters: {
						resource: 'row',
						operation: 'upsert',
						dataTableId: value('Rides'),
						matchType: 'allConditions',
						filters: {
							conditions: [
								{
									keyName: 'activity_key',
									condition: 'eq',
									keyValue: '={{ $json.activity_key }}',
								},
							],
						},
						columns,
						options: {},
					},
				}),
			],
			connections: {
				'By Hand': to('Get Rides'),
				'Get Rides': to('PostgreSQL', 'Data Table'),
			},
		});
	}

	const inPostgres = async (): Promise<IDataObject[]> => {
		// Days and durations as text, since the client would turn them into objects.
		const columns = COLUMNS.map(([column]) =>
			['local_date', 'duration'].includes(column) ? `${column}::text` : column,
		);
		const { rows } = await database.query(
			`SELECT ${columns.join()} FROM rides ORDER BY start_time`,
		);
		return rows as IDataObject[];
	};

	it('are stored unchanged, and once, however often the workflow runs', async () => {
		for (let runs = 1; runs <= 2; runs++) {
			const execution = await world.client.run(workflow.id, 'By Hand');
			expect(execution).toMatchObject({ status: 'success' });
			expect(execution.error).toBeUndefined();

			expect((await inPostgres()).map(withTime)).toEqual(
				// PostgreSQL writes an interval with two digits for the hours.
				STORED.map((row) => ({ ...row, duration: `0${row.duration}` })),
			);
			// Get Many returns the newest first.
			const stored = (await world.client.rows(tableId)).map(withTime).reverse();
			expect(stored).toMatchObject(STORED);
			expect(stored).toHaveLength(STORED.length);
		}
	});
});

/** Makes the times of both comparable. */
const withTime = (row: IDataObject) => ({
	...row,
	start_time: new Date(row.start_time as string | Date).toISOString(),
});
