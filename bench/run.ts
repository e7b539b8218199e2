import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';

import { currentVersion, installN8n, packNodes, projectFolder } from '../playground/n8n';
import { startSandbox } from '../sandbox';
import type { Budget, Measured } from './budgets';
import { BUDGETS, isMet, table } from './budgets';
import type { Part, Setting } from './part';
import { measureCpu } from './parts/cpu';
import { measureBursts } from './parts/bursts';
import { measureDefaults, measureDeliveries, measureQueue } from './parts/deliveries';
import { measureHistory } from './parts/history';
import { measurePictures } from './parts/pictures';

const parts: Record<string, Part> = {
	deliveries: measureDeliveries,
	defaults: measureDefaults,
	queue: measureQueue,
	bursts: measureBursts,
	cpu: measureCpu,
	history: measureHistory,
	pictures: measurePictures,
};

/**
 * `npm run bench` measures every budget, or those of the named parts (`npm run bench -- history cpu`), and fails if one
 * is missed. `--quick` only checks that everything can be measured: its figures mean nothing, and no budget can be
 * missed. `--write` updates bench/results.json and the table in docs/scaling.md.
 */
async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			quick: { type: 'boolean', default: false },
			write: { type: 'boolean', default: false },
		},
	});
	const unknown = positionals.filter((name) => !(name in parts));
	if (unknown.length > 0) {
		throw new Error(`Unknown: ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}`);
	}
	await installN8n(currentVersion);
	const sandbox = await startSandbox();
	const setting: Setting = { sandbox, tarball: await packNodes(), quick: values.quick };
	const measured: Measured = {};
	try {
		for (const [name, part] of Object.entries(parts)) {
			if (positionals.length > 0 && !positionals.includes(name)) continue;
			console.log(`\n${name}`);
			Object.assign(measured, await part(setting));
		}
	} finally {
		await sandbox.close();
	}

	console.log(`\n${table(measured)}`);
	if (values.write) {
		await writeResults(measured);
		await writeTable(measured);
	}
	const missed = (BUDGETS as readonly Budget[]).filter(
		(budget) => measured[budget.name] !== undefined && !isMet(budget, measured[budget.name]!),
	);
	if (missed.length > 0 && !values.quick) {
		throw new Error(`Missed: ${missed.map(({ name }) => name).join(', ')}`);
	}
}

async function writeResults(measured: Measured): Promise<void> {
	const results = {
		date: new Date().toISOString().slice(0, 10),
		n8n: currentVersion,
		machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB`,
		measured,
	};
	await writeFormatted(join(projectFolder, 'bench/results.json'), JSON.stringify(results));
}

async function writeTable(measured: Measured): Promise<void> {
	const file = join(projectFolder, 'docs/scaling.md');
	const [start, end] = ['<!-- bench -->', '<!-- /bench -->'];
	const text = await readFile(file, 'utf8');
	const [before, rest] = text.split(start);
	const after = rest?.split(end)[1];
	if (after === undefined) throw new Error(`docs/scaling.md has no ${start} … ${end}`);
	const updated = `${before}${start}\n\n${table(measured)}\n\n${end}${after}`;
	await writeFormatted(file, updated);
}

async function writeFormatted(file: string, text: string): Promise<void> {
	await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
