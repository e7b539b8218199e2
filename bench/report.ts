import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectFolder } from '../playground/n8n';
import type { Measurement } from './measure';
import type { Results } from './summary';
import { writeFormatted } from './writeFormatted';

const resultsFile = join(projectFolder, 'bench/results.json');
const guide = join(projectFolder, 'docs/scaling.md');
const secondsPerDay = 86_400;

interface Budget {
	what: string;
	value: number | null;
	/** None: told only to explain another. */
	limit?: string;
	met?: (value: number) => boolean;
}

/** Writes bench/results.json, and the tables of docs/scaling.md from it. */
export async function write(results: Results): Promise<void> {
	await writeFormatted(resultsFile, JSON.stringify(results));
	const text = await readFile(guide, 'utf8');
	const withBudgets = replaceBlock(text, 'budgets', budgetTable(results));
	const withSpeeds = replaceBlock(withBudgets, 'speeds', speedTable(results.measurements));
	await writeFormatted(guide, replaceBlock(withSpeeds, 'queue', queueTable(results)));
}

/** What lies between `<!-- bench:name -->` and `<!-- /bench:name -->`. */
function replaceBlock(text: string, name: string, table: string): string {
	const [start, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
	const [before, rest] = text.split(start);
	const after = rest?.split(end)[1];
	if (after === undefined) throw new Error(`docs/scaling.md has no ${start} … ${end}`);
	return `${before}${start}\n\n${table}\n\n${end}${after}`;
}

function budgetTable(results: Results): string {
	const atLeast = (limit: number) => ({
		limit: `≥ ${limit}`,
		met: (value: number) => value >= limit,
	});
	const atMost = (limit: number) => ({
		limit: `≤ ${limit}`,
		met: (value: number) => value <= limit,
	});
	const budgets: Budget[] = [
		{
			what: 'Rides accepted, against the bare Webhook node: 4 kB',
			value: results.accepted_vs_bare,
			...atLeast(1),
		},
		{
			what: '… 4 kB, against the bare Webhook node with Header Auth, which has a credential, too',
			value: results.accepted_vs_bare_with_credential,
		},
		{ what: '… 100 kB', value: results.accepted_vs_bare_100kb, ...atLeast(1) },
		{ what: '… 5 MB', value: results.accepted_vs_bare_5mb, ...atLeast(1) },
		{
			what: 'Rides accepted, against the recipe',
			value: results.accepted_vs_recipe,
			...atLeast(4),
		},
		{
			what: 'Forged deliveries refused, against the recipe',
			value: results.forged_vs_recipe,
			...atLeast(25),
		},
		{
			what: 'Executions stored for a forged delivery',
			value: results.forged_executions,
			...atMost(0),
		},
		{
			what: "Rides accepted with n8n's default settings, against the bare Webhook node",
			value: results.accepted_vs_bare_default_settings,
			...atLeast(0.6),
		},
		{
			what: "Forged deliveries refused with n8n's default settings, against the recipe",
			value: results.forged_vs_recipe_default_settings,
			...atLeast(2),
		},
		{
			what: 'Bytes in the database for a ride of 3 h with samples, against the recipe',
			value: results.db_bytes_vs_recipe,
			...atMost(0.01),
		},
		{
			what: 'CPU of a 5 MB ride outside of n8n, against HMAC and one parse',
			value: results.cpu_vs_floor,
			...atMost(1.2),
		},
		{
			what: 'Five years of history of one athlete, time against core nodes',
			value: results.history_vs_core_nodes,
			...atMost(0.333),
		},
		{
			what: '… peak memory',
			value: results.history_memory_vs_core_nodes,
			...atMost(0.5),
		},
		{
			what: 'Rides accepted with the memory of what came, against without',
			value: results.memory_vs_none,
			...atLeast(0.95),
		},
	];
	return table(
		['', 'Measured', 'Budget', ''],
		budgets
			.filter(({ value }) => value !== null)
			.map(({ what, value, limit, met }) => [
				what,
				`${value}×`,
				limit ?? '–',
				met ? (met(value!) ? 'met' : '**missed**') : '',
			]),
	);
}

function speedTable(measurements: Measurement[]): string {
	return table(
		['n8n', 'Delivery', 'Workflow', 'Per second', 'CPU', 'Answered in', 'Kept in the database'],
		measurements
			.filter(({ settings }) => !settings.startsWith('queue mode'))
			.map(({ settings, size, kind, rival, perSecond, cpuMs, latencyMs, bytes }) => [
				settings.replace(/(\w+=\w+)/g, '`$1`'),
				`${size}, ${kind}`,
				rival,
				`${perSecond.median} (${perSecond.min}–${perSecond.max})`,
				cpuMs ? `${cpuMs.median} ms` : '',
				`${latencyMs.median} ms`,
				bytes === null ? '–' : inBytes(bytes),
			]),
	);
}

function queueTable({ queue_scaling: steps }: Results): string {
	return table(
		[
			'Webhook processes and workers, each',
			'Terra Trigger per second',
			'Rides a day',
			'Bare Webhook per second',
			'Terra Trigger against bare',
			'CPU per ride',
		],
		steps.map((step) => [
			String(step.processes),
			String(step.trigger_per_second),
			(Math.round((step.trigger_per_second * secondsPerDay) / 10_000) * 10_000).toLocaleString(
				'en',
			),
			String(step.bare_per_second),
			`${step.vs_bare}×`,
			step.trigger_cpu_ms === null ? '' : `${step.trigger_cpu_ms} ms`,
		]),
	);
}

function inBytes(bytes: number): string {
	if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
	return `${(bytes / 1e3).toFixed(1)} kB`;
}

function table(head: string[], rows: string[][]): string {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
