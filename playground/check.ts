import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { projectFolder, runtimeFolder } from './n8n';
import type { Playground } from './playground';
import { openPlayground } from './playground';

interface Step {
	what: string;
	deliveries: number;
	rows: number;
	seconds: number;
}

/**
 * Tests a playground in a temporary folder: a ride, its update, and the history. Prints a summary.
 *
 * @throws Error that says what went wrong
 */
export async function checkPlayground(): Promise<void> {
	const userFolder = join(runtimeFolder, `check-${process.pid}`);
	const steps: Step[] = [];
	try {
		const playground = await openPlayground({ userFolder });
		try {
			for (const step of [finishRide, changeRide, fetchHistory]) {
				steps.push(await step(playground));
			}
		} catch (error) {
			throw new Error(
				`${(error as Error).message}\n\nThe end of n8n's log:\n${playground.n8n.logs(20)}`,
			);
		} finally {
			await playground.close();
		}
	} finally {
		printTable(steps);
		await reportCounts({ passed: steps.length, failed: steps.length < 3 ? 1 : 0 });
		await rm(userFolder, { recursive: true, force: true });
	}
}

async function finishRide({ sandbox, client, newRides, table }: Playground): Promise<Step> {
	const seconds = stopwatch();
	const before = (await client.rows(table.id)).length;
	expect(before > 3 && before < 30, `the table starts with ${before} rides`);
	const { activity } = await sandbox.finishRide();
	await sandbox.settled();
	const [execution] = await client.finishedExecutions(newRides.id, 1);
	expect(
		execution?.status === 'success',
		`the execution ended in "${execution?.status}": ${execution?.error}`,
	);
	const rows = await client.rows(table.id);
	expect(rows.length === before + 1, `the ride added ${rows.length - before} rows`);
	const ridden = activity.distance_data.summary.distance_meters;
	const written = rows.at(-1)?.distance_meters as number;
	expect(written === ridden, `the row says ${written} m instead of ${ridden} m`);
	return {
		what: 'A ride is finished',
		deliveries: sandbox.ledger.length,
		rows: rows.length,
		seconds: seconds(),
	};
}

async function changeRide({ sandbox, client, newRides, table }: Playground): Promise<Step> {
	const seconds = stopwatch();
	const deliveriesBefore = sandbox.ledger.length;
	const known = await client.rows(table.id);
	const before = known.at(-1);
	const summaryId = String(before?.activity_key).split(':').at(-1)!;
	const userId = sandbox.users.find(
		({ reference_id }) => reference_id === before?.reference_id,
	)!.user_id;
	await sandbox.updateActivity(userId, summaryId, { metadata: { name: 'Renamed by its rider' } });
	await sandbox.settled();
	await client.finishedExecutions(newRides.id, 2);
	const rows = await client.rows(table.id);
	expect(
		rows.length === known.length,
		`after the update there are ${rows.length} rows instead of ${known.length}`,
	);
	const { name } = rows.at(-1)!;
	expect(name === 'Renamed by its rider', `the row still says "${name as string}"`);
	const deliveries = sandbox.ledger.length - deliveriesBefore;
	return { what: 'The ride is changed', deliveries, rows: rows.length, seconds: seconds() };
}

async function fetchHistory({ client, history, table }: Playground): Promise<Step> {
	const seconds = stopwatch();
	const execution = await client.run(history.id, 'Run by Hand');
	expect(
		execution.status === 'success',
		`the history workflow ended in "${execution.status}": ${execution.error}`,
	);
	const rides = execution.itemsOf('Get Rides').length;
	expect(rides > 1, `Get Many returned ${rides} rides from 90 days`);
	const rows = await client.rows(table.id);
	const empty = rows.filter(({ distance_meters }) => distance_meters === null).length;
	expect(empty === 0, `${empty} of ${rows.length} rows have no distance`);
	const keys = new Set(rows.map(({ activity_key }) => activity_key));
	expect(
		rows.length === rides && keys.size === rides,
		`${rides} rides became ${rows.length} rows with ${keys.size} different keys`,
	);
	return { what: '90 days of history', deliveries: 0, rows: rows.length, seconds: seconds() };
}

function expect(condition: boolean, message: string): void {
	if (!condition) throw new Error(message);
}

function stopwatch(): () => number {
	const started = Date.now();
	return () => (Date.now() - started) / 1000;
}

function printTable(steps: Step[]): void {
	const line = (...cells: string[]) =>
		console.log(
			`  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(12))).join('')}`,
		);
	console.log();
	line('', 'deliveries', 'rows', 'seconds');
	for (const { what, deliveries, rows, seconds } of steps) {
		line(what, String(deliveries), String(rows), seconds.toFixed(1));
	}
	console.log();
}

/** Reports the counts to `.ci/run`, which adds them to those of the tests. */
async function reportCounts(counts: { passed: number; failed: number }): Promise<void> {
	const folder = join(projectFolder, '.reports');
	await mkdir(folder, { recursive: true });
	await appendFile(join(folder, 'counts.jsonl'), `${JSON.stringify(counts)}\n`);
}
