import { openPostgres, openSqlite, type N8nDatabase } from '../../playground/n8n/database';
import { startQueueMode } from '../../playground/n8n/queueMode';
import { missingServices, startServices } from '../../playground/n8n/services';
import type { Measured } from '../budgets';
import { compare, type Comparison, type Load } from '../compare';
import { makerOf, type Size } from '../deliveries';
import { recommended, signIn, withN8n } from '../n8n';
import type { Setting } from '../part';
import { publishRival, type Rival, type RivalName } from '../rivals';
import { median } from '../statistics';

/** Deliveries sent to each rival before the measurement. */
const warmUp = 40;

/** The trigger remembers this many deliveries; sending them first fills its memory before the measurement. */
const remembered = 1000;

const forged = { secret: 'guessed', starts: false };

type Run = (size: Size, load: Partial<Load> & Pick<Load, 'counts'>) => Promise<Comparison>;

/** Warms up the rivals. @returns a function that runs one comparison of them */
async function runner(
	{ sandbox, quick }: Setting,
	database: N8nDatabase,
	rivals: Rival[],
): Promise<Run> {
	const run: Run = async (size, load) => {
		const counts = Object.entries(load.counts).map(([name, count]) => [
			name,
			quick ? Math.ceil(count / 10) : count,
		]);
		return await compare(database, rivals, {
			what: `${size}${load.starts === false ? ', forged' : ''}, ${load.connections ?? 10} connections`,
			make: await makerOf(sandbox, size),
			secret: sandbox.signingSecret,
			rounds: quick ? 1 : 5,
			...load,
			counts: Object.fromEntries(counts) as Load['counts'],
		});
	};
	const first = { trigger: warmUp + remembered, bare: warmUp, recipe: warmUp };
	await run('small', { what: 'warm-up', counts: first, rounds: 1 });
	return run;
}

/** Runs the rivals in one n8n process with SQLite. */
async function inOneProcess<T>(
	setting: Setting,
	env: Record<string, string>,
	names: RivalName[],
	work: (run: Run, bytesOf: (name: RivalName) => Promise<number>) => Promise<T>,
): Promise<T> {
	return await withN8n(setting, env, async ({ n8n, client, credential, userFolder }) => {
		const database = await openSqlite(userFolder);
		const rivals: Rival[] = [];
		const place = { client, credential, urls: [n8n.url] };
		for (const name of names) {
			rivals.push(await publishRival(name, place, setting.sandbox.signingSecret));
		}
		try {
			const workflowOf = (name: RivalName) => rivals.find((one) => one.name === name)!.workflowId;
			return await work(
				await runner(setting, database, rivals),
				async (name) => await database.lastExecutionBytes(workflowOf(name)),
			);
		} finally {
			await database.close();
		}
	});
}

/** With the settings that docs/scaling.md recommends. */
export async function measureDeliveries(setting: Setting): Promise<Measured> {
	const names: RivalName[] = ['trigger', 'bare', 'recipe', 'empty'];
	return await inOneProcess(setting, recommended, names, async (run, bytesOf) => {
		const ten = await run('small', { counts: { trigger: 400, bare: 200 } });
		const fifty = await run('small', { counts: { trigger: 800, bare: 250 }, connections: 50 });
		const middle = await run('100 kB', { counts: { trigger: 200, bare: 100 } });
		const refused = await run('small', { ...forged, counts: { trigger: 2_000, empty: 2_000 } });
		await run('3 h', { counts: { trigger: 2, recipe: 2 }, rounds: 1, connections: 2 });
		return {
			accepted: ten.ratio('trigger', 'bare'),
			latency: ten.latencyRatio('trigger', 'bare'),
			accepted50: fifty.ratio('trigger', 'bare'),
			accepted100kB: middle.ratio('trigger', 'bare'),
			forged: refused.ratio('trigger', 'empty'),
			forgedExecutions: refused.executions('trigger'),
			bytes: median([(await bytesOf('trigger')) / (await bytesOf('recipe'))]),
		};
	});
}

/** With n8n's default settings. */
export async function measureDefaults(setting: Setting): Promise<Measured> {
	const env = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'false' };
	return await inOneProcess(setting, env, ['trigger', 'bare', 'empty'], async (run) => {
		const small = await run('small', { counts: { trigger: 80, bare: 80, empty: 80 } });
		const fifty = await run('small', { counts: { trigger: 250, bare: 200 }, connections: 50 });
		return {
			acceptedDefaults: small.ratio('trigger', 'empty'),
			acceptedDefaultsBare: small.ratio('trigger', 'bare'),
			acceptedDefaults50: fifty.ratio('trigger', 'bare'),
		};
	});
}

/** In queue mode, with one webhook process and one worker, then with two of each. */
export async function measureQueue(setting: Setting): Promise<Measured> {
	const missing = missingServices();
	if (missing) throw new Error(missing);
	return {
		acceptedQueue1: await inQueueMode(setting, 1),
		acceptedQueue2: await inQueueMode(setting, 2),
	};
}

async function inQueueMode(setting: Setting, processes: number): Promise<number> {
	const services = await startServices();
	try {
		const { tarball, sandbox } = setting;
		const counts = { webhooks: processes, workers: processes };
		const n8n = await startQueueMode({ services, tarball, env: recommended, ...counts });
		const database = openPostgres(services.postgres);
		try {
			const place = {
				...(await signIn(n8n.main.url, setting)),
				urls: n8n.webhooks.map(({ url }) => url),
			};
			const rivals = [
				await publishRival('trigger', place, sandbox.signingSecret),
				await publishRival('bare', place, sandbox.signingSecret),
			];
			const run = await runner(setting, database, rivals);
			const small = await run('small', { counts: { trigger: 400, bare: 200 }, connections: 20 });
			return small.ratio('trigger', 'bare');
		} finally {
			await database.close();
			await n8n.close();
		}
	} finally {
		await services.close();
	}
}
