import type { Progress } from '../playground/n8n/database';
import { waitFor } from '../playground/n8n';
import { cpuSeconds } from './cpu';
import type { Delivery, Maker, Size } from './deliveries';
import type { Installation } from './installation';
import { send } from './load';
import type { Rival, RivalName } from './rivals';
import type { Spread } from './statistics';
import { spread } from './statistics';

export type Kind = 'genuine' | 'forged' | 'repeated';

/** One rival under one load, over several rounds. */
export interface Measurement {
	settings: string;
	size: Size;
	kind: Kind;
	rival: RivalName;
	deliveries: number;
	/** Executions that finished, or deliveries answered where none starts. */
	perSecond: Spread;
	/** Of n8n with all its processes, per delivery. */
	cpuMs: Spread | null;
	/** Until the answer. */
	latencyMs: { median: number; p99: number };
	/** Per delivery. */
	executions: number;
	/** Kept in n8n's database for an execution, the last one; null where there is none. */
	bytes: number | null;
}

export interface Load {
	size: Size;
	kind: Kind;
	make: Maker;
	signingSecret: string;
	/** Deliveries a round: recipes get fewer, for the same time. */
	counts: Partial<Record<RivalName, number>>;
	connections: number;
	rounds: number;
}

interface Round {
	perSecond: number;
	cpuMs: number | undefined;
	latency: { median: number; p99: number };
	executions: number;
}

/**
 * Takes turns: a round of each rival, then the next round in the other order. What a slow moment of the machine
 * takes, it takes from all of them, and none always follows the same other.
 */
export async function compare(
	installation: Installation,
	rivals: Rival[],
	load: Load,
): Promise<Measurement[]> {
	const rounds = new Map<Rival, Round[]>();
	for (let round = 0; round < load.rounds; round++) {
		for (const rival of round % 2 === 0 ? rivals : [...rivals].reverse()) {
			const measured = await measureOnce(installation, rival, load);
			rounds.set(rival, [...(rounds.get(rival) ?? []), measured]);
		}
	}
	return await Promise.all(
		[...rounds].map(([rival, measured]) => summarise(installation, rival, load, measured)),
	);
}

async function measureOnce(
	installation: Installation,
	rival: Rival,
	{ kind, make, signingSecret, counts, connections }: Load,
): Promise<Round> {
	const deliveries = make(counts[rival.name]!, kind === 'forged' ? 'guessed' : signingSecret);
	const urls = installation.urls.map((url) => url + rival.path);
	if (kind === 'repeated') await deliver(installation, rival, kind, deliveries, urls, connections);

	const cpuBefore = cpuSeconds(installation.pids);
	const { answers, executions, end } = await deliver(
		installation,
		rival,
		kind,
		deliveries,
		urls,
		connections,
	);
	const cpu = cpuSeconds(installation.pids);
	return {
		perSecond: deliveries.length / ((end - answers.firstSent) / 1000),
		cpuMs:
			cpu === undefined || cpuBefore === undefined
				? undefined
				: ((cpu - cpuBefore) / deliveries.length) * 1000,
		latency: answers.latency,
		executions: executions / deliveries.length,
	};
}

/** Sends, and waits for the end of whatever that has started. */
async function deliver(
	{ database }: Installation,
	rival: Rival,
	kind: Kind,
	deliveries: Delivery[],
	urls: string[],
	connections: number,
) {
	const before = await database.progress(rival.workflowId);
	const answers = await send(deliveries, urls, connections);
	if (answers.failures > 0) {
		throw new Error(`${rival.name}: ${answers.failures} deliveries were not answered`);
	}
	const after = await allFinished(() => database.progress(rival.workflowId));
	const seen = Date.now();
	if (after.failed > before.failed) {
		throw new Error(`${rival.name}: ${after.failed - before.failed} executions failed`);
	}
	const executions = after.started - before.started;
	// Where n8n does not keep executions, all that is known is when they were gone. What starts none ends with its answer.
	const ran = executions > 0 || kind === 'genuine';
	const lastStop = executions > 0 ? after.lastStop : seen;
	const end = ran ? Math.max(lastStop, answers.lastAnswered) : answers.lastAnswered;
	return { answers, executions, end };
}

/** From n8n 2.8 on an execution is in the database before its delivery is answered, so none is overlooked. */
async function allFinished(progress: () => Promise<Progress>): Promise<Progress> {
	return await waitFor(
		'end of all executions',
		async () => {
			const now = await progress();
			return now.finished === now.started ? now : undefined;
		},
		{ seconds: 600, everyMs: 100 },
	);
}

async function summarise(
	{ settings, database }: Installation,
	{ name, workflowId }: Rival,
	{ size, kind, counts }: Load,
	rounds: Round[],
): Promise<Measurement> {
	const cpu = rounds.flatMap(({ cpuMs }) => cpuMs ?? []);
	const executions = spread(rounds.map((round) => round.executions)).median;
	return {
		settings,
		size,
		kind,
		rival: name,
		deliveries: counts[name]! * rounds.length,
		perSecond: spread(rounds.map(({ perSecond }) => perSecond)),
		cpuMs: cpu.length > 0 ? spread(cpu) : null,
		latencyMs: {
			median: spread(rounds.map(({ latency }) => latency.median)).median,
			p99: spread(rounds.map(({ latency }) => latency.p99)).median,
		},
		executions,
		bytes: executions > 0 ? await database.lastExecutionBytes(workflowId) : null,
	};
}
