import { waitFor } from '../playground/n8n';
import type { N8nDatabase } from '../playground/n8n/database';
import { resultOf } from '../playground/n8n/result';
import type { Delivery, Maker } from './deliveries';
import { send } from './load';
import type { Rival, RivalName } from './rivals';
import { median } from './statistics';

export interface Load {
	/** Describes the load in the log. */
	what: string;
	make: Maker;
	/** Signs the deliveries; forged ones use a secret that is not in the credential. */
	secret: string;
	/** Deliveries per round. Slow rivals get fewer, so that rounds take about the same time. */
	counts: Partial<Record<RivalName, number>>;
	rounds: number;
	/** Total over all URLs. Default 10, as in the sandbox. */
	connections?: number;
	/** Whether the deliveries are meant to start executions; default true. */
	starts?: boolean;
}

export interface Comparison {
	/** Throughput of the first divided by that of the second: the median over the rounds. */
	ratio(first: RivalName, second: RivalName): number;
	/** The same for response times. */
	latencyRatio(first: RivalName, second: RivalName): number;
	/** Executions per delivery. */
	executions(rival: RivalName): number;
}

interface Round {
	perSecond: number;
	executions: number;
	/** Median response time, in milliseconds. */
	latency: number;
}

/**
 * Alternates between the rivals, and reverses their order each round, so that slow moments of the machine affect all of
 * them and none always runs after the same other one.
 */
export async function compare(
	database: N8nDatabase,
	rivals: Rival[],
	load: Load,
): Promise<Comparison> {
	const rounds = new Map<RivalName, Round[]>();
	const competing = rivals.filter(({ name }) => load.counts[name]);
	for (let round = 0; round < load.rounds; round++) {
		for (const rival of round % 2 === 0 ? competing : [...competing].reverse()) {
			const measured = await measureOnce(database, rival, load);
			rounds.set(rival.name, [...(rounds.get(rival.name) ?? []), measured]);
		}
	}
	for (const [name, list] of rounds) {
		const speeds = list.map(({ perSecond }) => perSecond.toFixed(1)).join(', ');
		const latency = median(list.map((one) => one.latency));
		const executions = median(list.map((one) => one.executions));
		console.log(
			`  ${load.what}: ${name} ${speeds} per second, answered in ${latency} ms, ${executions} executions each`,
		);
	}
	// Ratios are taken within a round, where a slow machine has slowed both.
	const ratioOf = (first: RivalName, second: RivalName, figure: 'perSecond' | 'latency') =>
		median(
			rounds.get(first)!.map((one, index) => one[figure] / rounds.get(second)![index]![figure]),
		);
	return {
		ratio: (first, second) => ratioOf(first, second, 'perSecond'),
		latencyRatio: (first, second) => ratioOf(first, second, 'latency'),
		executions: (rival) => median(rounds.get(rival)!.map(({ executions }) => executions)),
	};
}

/** The rate counts finished executions, or answers if the deliveries start no execution. */
async function measureOnce(database: N8nDatabase, rival: Rival, load: Load): Promise<Round> {
	const { name, workflowId, urls } = rival;
	const deliveries = load.make(load.counts[name]!, load.secret);
	const before = await database.progress(workflowId);
	const connections = Math.ceil((load.connections ?? 10) / urls.length);
	const answers = await send(deliveries, urls, connections);
	const after = await finished(database, workflowId);
	if (answers.failures > 0)
		throw new Error(`${name}: ${answers.failures} deliveries were not answered`);
	if (after.failed > before.failed) throw new Error(`${name}: executions failed`);
	if ((load.starts ?? true) && name !== 'empty') {
		const accepted = answers.statuses[200] ?? 0;
		if (accepted < deliveries.length)
			throw new Error(`${name}: only ${accepted} of ${deliveries.length} were accepted`);
		await expectEachOnce(database, rival, before.lastId, deliveries);
	}
	const executions = after.started - before.started;
	const end = Math.max(executions > 0 ? after.lastStop : 0, answers.lastAnswered);
	return {
		perSecond: deliveries.length / ((end - answers.firstSent) / 1000),
		executions: executions / deliveries.length,
		latency: answers.latency.median,
	};
}

/** Waits until all executions have finished. Since n8n 2.8, an execution is stored before its delivery is answered. */
export async function finished(database: N8nDatabase, workflowId: string) {
	return await waitFor(
		'end of all executions',
		async () => {
			const now = await database.progress(workflowId);
			return now.finished === now.started ? now : undefined;
		},
		{ seconds: 600, everyMs: 100 },
	);
}

/** @throws unless each delivery is exactly one item of the executions after `lastId` */
async function expectEachOnce(
	database: N8nDatabase,
	{ name, workflowId }: Rival,
	lastId: number,
	deliveries: Delivery[],
) {
	const times = await timesStored(database, workflowId, lastId, deliveries);
	const wrong = deliveries.filter(({ id }) => times.get(id) !== 1);
	if (wrong.length > 0) {
		throw new Error(
			`${name}: ${wrong.length} of ${deliveries.length} deliveries were lost or duplicated`,
		);
	}
}

/** How often each delivery is an item of the executions after `lastId`, by its ID. */
export async function timesStored(
	database: N8nDatabase,
	workflowId: string,
	lastId: number,
	deliveries: Delivery[],
): Promise<Map<string, number>> {
	const sent = new Set(deliveries.map(({ id }) => id));
	const times = new Map<string, number>();
	for (const { data } of await database.executions(workflowId, lastId)) {
		for (const item of resultOf(data).itemsOf()) {
			const ids = new Set(JSON.stringify(item).match(/[0-9a-f]{8}-[0-9a-f-]{27}/g));
			for (const id of ids) if (sent.has(id)) times.set(id, (times.get(id) ?? 0) + 1);
		}
	}
	return times;
}
