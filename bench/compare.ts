import { waitFor } from '../playground/n8n';
import type { N8nDatabase } from '../playground/n8n/database';
import type { Delivery, Maker } from './deliveries';
import { send } from './load';
import type { Rival, RivalName } from './rivals';
import { median } from './statistics';

export interface Load {
	/** What is sent, for the log. */
	what: string;
	make: Maker;
	/** Forged deliveries are signed with another secret than the credential's. */
	secret: string;
	/** Deliveries a round; slow rivals get fewer, for about the same time. */
	counts: Partial<Record<RivalName, number>>;
	rounds: number;
	/** Default 10, as many as Terra opens here. */
	connections?: number;
	/** Whether each delivery starts an execution; default true. */
	starts?: boolean;
}

export interface Comparison {
	/** How many times as fast the first is as the second: the median of the rounds. */
	ratio(first: RivalName, second: RivalName): number;
	/** Executions for each delivery. */
	executions(rival: RivalName): number;
}

interface Round {
	perSecond: number;
	executions: number;
}

/**
 * Takes turns: a round of each rival, then the next round in the other order. What a slow moment of the machine
 * takes, it takes from all, and none always follows the same other.
 */
export async function compare(
	database: N8nDatabase,
	rivals: Rival[],
	load: Load,
): Promise<Comparison> {
	const rounds = new Map<RivalName, Round[]>();
	const part = rivals.filter(({ name }) => load.counts[name]);
	for (let round = 0; round < load.rounds; round++) {
		for (const rival of round % 2 === 0 ? part : [...part].reverse()) {
			const measured = await measureOnce(database, rival, load);
			rounds.set(rival.name, [...(rounds.get(rival.name) ?? []), measured]);
		}
	}
	for (const [name, list] of rounds) {
		const speeds = list.map(({ perSecond }) => perSecond.toFixed(1)).join(', ');
		console.log(`  ${load.what}: ${name} ${speeds} per second`);
	}
	return {
		// Round by round, so that what slowed the machine down in one of them slowed both.
		ratio: (first, second) =>
			median(
				rounds
					.get(first)!
					.map(({ perSecond }, index) => perSecond / rounds.get(second)![index]!.perSecond),
			),
		executions: (rival) => median(rounds.get(rival)!.map(({ executions }) => executions)),
	};
}

/** A rate is that of executions which finished, where deliveries start some; else that of answers. */
async function measureOnce(database: N8nDatabase, rival: Rival, load: Load): Promise<Round> {
	const deliveries: Delivery[] = load.make(load.counts[rival.name]!, load.secret);
	const before = await database.progress(rival.workflowId);
	const answers = await send(deliveries, [rival.url], load.connections ?? 10);
	const after = await waitFor(
		'end of all executions',
		async () => {
			const now = await database.progress(rival.workflowId);
			// From n8n 2.8 on an execution is in the database before its delivery is answered: none is overlooked.
			return now.finished === now.started ? now : undefined;
		},
		{ seconds: 600, everyMs: 100 },
	);
	const executions = after.started - before.started;
	if (answers.failures > 0) throw new Error(`${rival.name}: ${answers.failures} were not answered`);
	if (after.failed > before.failed) throw new Error(`${rival.name}: executions failed`);
	if ((load.starts ?? true) && executions !== deliveries.length) {
		throw new Error(`${rival.name}: ${executions} executions for ${deliveries.length} deliveries`);
	}
	const end = Math.max(executions > 0 ? after.lastStop : 0, answers.lastAnswered);
	return {
		perSecond: deliveries.length / ((end - answers.firstSent) / 1000),
		executions: executions / deliveries.length,
	};
}
