import type { Sandbox, SandboxOptions, SandboxUserSeed } from '../../sandbox';

/** What is fetched, by every contender alike. */
export interface Scenario {
	name: string;
	days: number;
	/** The length of a request, as Terra advises it. */
	daysPerRequest: number;
	withSamples: boolean;
	/** Whether n8n keeps the data of the execution, as it does by default. */
	saveExecution: boolean;
	sandbox: SandboxOptions;
}

const LATENCY_MS = 50;

const DAILY_RIDER: SandboxUserSeed = { provider: 'XERT', historyDays: 1_825, ridesPerWeek: 7 };

export const SCENARIOS: Scenario[] = [
	{
		name: 'five years of daily rides',
		days: 1_825,
		daysPerRequest: 28,
		withSamples: false,
		saveExecution: true,
		sandbox: { latencyMs: LATENCY_MS, users: [DAILY_RIDER] },
	},
	{
		name: 'five years of daily rides of four athletes',
		days: 1_825,
		daysPerRequest: 28,
		withSamples: false,
		saveExecution: true,
		// A seed whose summary IDs differ over all athletes, for core nodes tell rides apart by them alone.
		sandbox: { seed: 2, latencyMs: LATENCY_MS, users: Array<SandboxUserSeed>(4).fill(DAILY_RIDER) },
	},
	{
		name: '90 days of daily rides with 1 Hz samples',
		days: 90,
		daysPerRequest: 7,
		withSamples: true,
		// Its JSON would be longer than a text in JavaScript can be.
		saveExecution: false,
		sandbox: {
			latencyMs: LATENCY_MS,
			users: [{ ...DAILY_RIDER, historyDays: 90, rideSeconds: 3_600 }],
		},
	},
];

/** The scenario's days: it ends with yesterday, so that no ride is under way. */
export function rangeOf({ days }: Scenario): { from: string; to: string } {
	return { from: daysAgo(days), to: daysAgo(1) };
}

/** Summary IDs of the rides that belong to the range, by the sandbox's own books. */
export function expectedRides(sandbox: Sandbox, scenario: Scenario): Set<string> {
	const { from, to } = rangeOf(scenario);
	const rides = sandbox.users
		.flatMap(({ user_id }) => sandbox.activitiesOf(user_id))
		.map(({ metadata }) => metadata);
	return new Set(
		rides
			.filter(({ start_time }) => start_time.slice(0, 10) >= from && start_time.slice(0, 10) <= to)
			.map(({ summary_id }) => summary_id),
	);
}

function daysAgo(days: number): string {
	return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}
