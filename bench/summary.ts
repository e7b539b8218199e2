import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { currentVersion, projectFolder } from '../playground/n8n';
import { releases } from '../playground/n8n/versions';
import type { Size } from './deliveries';
import type { Kind, Measurement } from './measure';
import type { Plan } from './plan';
import type { RivalName } from './rivals';
import type { Spread } from './statistics';
import { ratio, tidy } from './statistics';

/** One step of queue mode: so many webhook processes and as many workers. */
export interface QueueStep {
	processes: number;
	trigger_per_second: number;
	bare_per_second: number;
	/** The trigger's share of what the bare Webhook node does. */
	vs_bare: number;
	/** Of all processes of n8n together, per delivery. */
	trigger_cpu_ms: number | null;
	bare_cpu_ms: number | null;
}

/** All ratios are medians of the ratios of rounds that ran side by side. Null: not measured here. */
export interface Results {
	measured_on: { date: string; n8n: string; node: string; cpus: number; rounds: number };
	accepted_vs_bare: number | null;
	/** Against the bare node with Header Auth, since n8n looks every credential up for every execution. */
	accepted_vs_bare_with_credential: number | null;
	accepted_vs_bare_100kb: number | null;
	accepted_vs_bare_5mb: number | null;
	accepted_vs_recipe: number | null;
	forged_vs_recipe: number | null;
	forged_executions: number | null;
	accepted_vs_bare_default_settings: number | null;
	forged_vs_recipe_default_settings: number | null;
	db_bytes_vs_recipe: number | null;
	cpu_vs_floor: number;
	/** Throughput with what the trigger remembers, against without. */
	memory_vs_none: number | null;
	cold_load_ms: number;
	history_vs_core_nodes: number | null;
	history_vs_sdk: number | null;
	history_memory_vs_core_nodes: number | null;
	queue_scaling: QueueStep[];
	spreads: Record<string, Spread>;
	measurements: Measurement[];
}

export function summarise({
	plan,
	measurements,
	own,
	coldLoad,
}: {
	plan: Plan;
	measurements: Measurement[];
	own: { own: Spread; floor: Spread };
	coldLoad: Spread;
}): Results {
	const spreads: Record<string, Spread> = {};
	const named = (name: string, spread: Spread | undefined) => {
		if (!spread) return null;
		spreads[name] = spread;
		return spread.median;
	};
	const find = (setting: string, size: Size, kind: Kind, rival: RivalName) =>
		measurements.find(
			(one) =>
				one.settings === setting && one.size === size && one.kind === kind && one.rival === rival,
		);
	/** How many times as fast the first is as the second. */
	const speed = (
		name: string,
		setting: string,
		size: Size,
		kind: Kind,
		rivals: [RivalName, RivalName],
	) => {
		const [ours, theirs] = rivals.map((rival) => find(setting, size, kind, rival));
		return named(name, ours && theirs ? ratio(ours.perSecond, theirs.perSecond) : undefined);
	};
	const [best, usual] = [
		'SQLite, N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true',
		"SQLite, n8n's defaults",
	];
	const bytes = (rival: RivalName) => find(best, '3 h', 'genuine', rival)?.bytes;
	const [ourBytes, theirBytes] = [bytes('trigger'), bytes('recipe')];

	return {
		measured_on: {
			date: new Date().toISOString().slice(0, 10),
			n8n: currentVersion,
			node: releases[currentVersion].node,
			cpus: cpus().length,
			rounds: plan.recommended[0]!.rounds,
		},
		accepted_vs_bare: speed('accepted_vs_bare', best, 'small', 'genuine', ['trigger', 'bare']),
		accepted_vs_bare_with_credential: speed(
			'accepted_vs_bare_with_credential',
			best,
			'small',
			'genuine',
			['trigger', 'bare with a credential'],
		),
		accepted_vs_bare_100kb: speed('accepted_vs_bare_100kb', best, '100 kB', 'genuine', [
			'trigger',
			'bare',
		]),
		accepted_vs_bare_5mb: speed('accepted_vs_bare_5mb', best, '5 MB', 'genuine', [
			'trigger',
			'bare',
		]),
		accepted_vs_recipe: speed('accepted_vs_recipe', best, 'small', 'genuine', [
			'trigger',
			'recipe',
		]),
		forged_vs_recipe: speed('forged_vs_recipe', best, 'small', 'forged', ['trigger', 'recipe']),
		forged_executions: find(best, 'small', 'forged', 'trigger')?.executions ?? null,
		accepted_vs_bare_default_settings: speed(
			'accepted_vs_bare_default_settings',
			usual,
			'small',
			'genuine',
			['trigger', 'bare'],
		),
		forged_vs_recipe_default_settings: speed(
			'forged_vs_recipe_default_settings',
			usual,
			'small',
			'forged',
			['trigger', 'recipe'],
		),
		db_bytes_vs_recipe: ourBytes && theirBytes ? tidy(ourBytes / theirBytes) : null,
		cpu_vs_floor: named('cpu_vs_floor', ratio(own.own, own.floor))!,
		memory_vs_none: speed('memory_vs_none', best, 'small', 'genuine', [
			'trigger',
			'trigger without memory',
		]),
		cold_load_ms: named('cold_load_ms', coldLoad)!,
		...historyResults(),
		queue_scaling: queueScaling(plan, measurements),
		spreads,
		measurements,
	};
}

function queueScaling({ queueSizes }: Plan, measurements: Measurement[]): QueueStep[] {
	return queueSizes.flatMap((processes) => {
		const here = measurements.filter(({ settings }) =>
			settings.startsWith(`queue mode (${processes} webhook`),
		);
		const trigger = here.find(({ rival }) => rival === 'trigger');
		const bare = here.find(({ rival }) => rival === 'bare');
		if (!trigger || !bare) return [];
		return {
			processes,
			trigger_per_second: trigger.perSecond.median,
			bare_per_second: bare.perSecond.median,
			vs_bare: ratio(trigger.perSecond, bare.perSecond).median,
			trigger_cpu_ms: trigger.cpuMs?.median ?? null,
			bare_cpu_ms: bare.cpuMs?.median ?? null,
		};
	});
}

interface HistoryResults {
	scenarios: Array<{
		scenario: string;
		contenders: Array<{ name: string; seconds: number; peakMegabytes: number }>;
	}>;
}

/** What `npm run bench:history` has found for five years of one athlete, if it has been run. */
function historyResults() {
	const file = join(projectFolder, 'bench/history/results.json');
	const scenarios = existsSync(file)
		? (JSON.parse(readFileSync(file, 'utf8')) as HistoryResults).scenarios
		: [];
	const contenders = scenarios.find(({ scenario }) => /five years/i.test(scenario))?.contenders;
	const of = (wanted: string) => contenders?.find(({ name }) => name === wanted);
	const [ours, core, sdk] = [of('Terra node, rows'), of('core nodes'), of('official SDK')];
	return {
		history_vs_core_nodes: ours && core ? tidy(ours.seconds / core.seconds) : null,
		history_vs_sdk: ours && sdk ? tidy(ours.seconds / sdk.seconds) : null,
		history_memory_vs_core_nodes:
			ours && core ? tidy(ours.peakMegabytes / core.peakMegabytes) : null,
	};
}
