import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { currentVersion, packNodes } from '../playground/n8n';
import { startSandbox, type Sandbox } from '../sandbox';
import { PATIENCE_SECONDS, runInN8n, TooLong, type Measured } from './history/runInN8n';
import { expectedRides, rangeOf, SCENARIOS, type Scenario } from './history/scenarios';
import type { Input } from './history/sdkLoop';
import { coreNodes, terraNode } from './history/workflows';
import { writeFormatted } from './writeFormatted';

/**
 * Fetches the same history with the Terra node, with core nodes and with Terra's SDK, in turns, and compares wall
 * time, requests, memory and correctness. `--rounds 1` is for a quick look; `--only five` runs the scenarios with
 * that word in their names.
 */
async function main() {
	const { values } = parseArgs({
		options: {
			rounds: { type: 'string', default: '3' },
			only: { type: 'string', default: '' },
		},
	});
	const rounds = Number(values.rounds);
	const tarball = await packNodes();
	const scenarios = [];
	for (const scenario of SCENARIOS.filter(({ name }) => name.includes(values.only))) {
		scenarios.push(await compare(scenario, tarball, rounds));
	}

	const results = {
		measured: new Date().toISOString().slice(0, 10),
		machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node.js ${process.version} for the SDK`,
		settings: `n8n ${currentVersion}, SQLite, N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true, otherwise defaults; ${rounds} rounds, each contender in turn in an n8n started for it, medians; a contender is given up after ${PATIENCE_SECONDS} s`,
		scenarios,
	};
	await writeFormatted(join(__dirname, 'history/results.json'), JSON.stringify(results));
}

type Result = Measured & { requests: number; missing: number; doubles: number };

async function compare(scenario: Scenario, tarball: string, rounds: number) {
	const sandbox = await startSandbox(scenario.sandbox);
	// No round shall meet the hourly limit that the one before has used up.
	sandbox.settings.daysPerHour = 1_000_000;
	const expected = expectedRides(sandbox, scenario);
	const terra = async (options: Parameters<typeof terraNode>[2]) =>
		await runInN8n(sandbox, tarball, (credential) => terraNode(scenario, credential, options));
	const contenders: Record<string, () => Promise<Measured>> = {
		'Terra node, rows': async () => await terra({}),
		'Terra node, rows, 1 request at once': async () => await terra({ requestsAtOnce: 1 }),
		'Terra node, raw': async () => await terra({ simplify: false }),
		'core nodes': async () => await runInN8n(sandbox, tarball, () => coreNodes(scenario, sandbox)),
		'official SDK': async () => await runSdk(scenario, sandbox),
	};
	const results = new Map<string, Result[]>();
	const unfinished = new Set<string>();

	console.log(`\n${scenario.name}: ${expected.size} rides`);
	for (let round = 1; round <= rounds; round++) {
		for (const [name, run] of Object.entries(contenders)) {
			if (unfinished.has(name)) continue;
			sandbox.requests.length = 0;
			const measured = await unlessTooLong(run);
			if (!measured) {
				unfinished.add(name);
				console.log(`  ${name}: not finished after ${PATIENCE_SECONDS} s`);
				continue;
			}
			const result = {
				...measured,
				requests: sandbox.requests.length,
				...check(measured.rides, expected),
			};
			results.set(name, [...(results.get(name) ?? []), result]);
			console.log(`  ${name}: ${describe(result)}`);
		}
	}
	await sandbox.close();
	return { ...summary(scenario, expected.size, results), unfinished: [...unfinished] };
}

async function unlessTooLong(run: () => Promise<Measured>): Promise<Measured | undefined> {
	try {
		return await run();
	} catch (error) {
		if (error instanceof TooLong) return undefined;
		throw error;
	}
}

async function runSdk(scenario: Scenario, sandbox: Sandbox): Promise<Measured> {
	const input: Input = {
		baseUrl: sandbox.apiBase,
		devId: sandbox.devId,
		apiKey: sandbox.apiKey,
		userIds: sandbox.users.map(({ user_id }) => user_id),
		...rangeOf(scenario),
		daysPerRequest: scenario.daysPerRequest,
		withSamples: scenario.withSamples,
	};
	const script = join(__dirname, 'history/sdkLoop.ts');
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--import', 'tsx', script, JSON.stringify(input)],
		{ maxBuffer: 16 * 1024 * 1024 },
	);
	return JSON.parse(stdout) as Measured;
}

/** What is not there, and what is there twice. Rides of the days around the range count as neither. */
function check(rides: string[], expected: Set<string>) {
	const got = new Set(rides);
	const missing = [...expected].filter((ride) => !got.has(ride)).length;
	return { missing, doubles: rides.length - got.size };
}

function summary(scenario: Scenario, rides: number, results: Map<string, Result[]>) {
	const contenders = [...results].map(([name, list]) => ({
		name,
		seconds: round(median(list.map(({ seconds }) => seconds)), 2),
		peakMegabytes: round(median(list.map(({ peakMegabytes }) => peakMegabytes)), 0),
		requests: median(list.map(({ requests }) => requests)),
		missing: Math.max(...list.map(({ missing }) => missing)),
		doubles: Math.max(...list.map(({ doubles }) => doubles)),
	}));
	const core = contenders.find(({ name }) => name === 'core nodes');
	return {
		scenario: scenario.name,
		rides,
		contenders: contenders.map((contender) => ({
			...contender,
			...(core && {
				timeToCoreNodes: round(contender.seconds / core.seconds, 2),
				memoryToCoreNodes: round(contender.peakMegabytes / core.peakMegabytes, 2),
			}),
		})),
	};
}

function describe({ seconds, peakMegabytes, requests, missing, doubles }: Result): string {
	return `${seconds.toFixed(2)} s, ${peakMegabytes.toFixed(0)} MB, ${requests} requests, ${missing} missing, ${doubles} doubles`;
}

function median(numbers: number[]): number {
	return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

function round(number: number, digits: number): number {
	return Number(number.toFixed(digits));
}

void main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
