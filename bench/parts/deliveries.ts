import { openSqlite } from '../../playground/n8n/database';
import type { Measured } from '../budgets';
import { compare, type Load } from '../compare';
import { makerOf, type Size } from '../deliveries';
import { recommended, withN8n } from '../n8n';
import type { Setting } from '../part';
import { publishRival, type Rival, type RivalName } from '../rivals';
import { median } from '../statistics';

/** Deliveries to each rival before anything counts. */
const warmUp = 40;

/** As many as the trigger remembers, so that its memory is full while it is measured. */
const memories = 1000;

const forged = { secret: 'guessed', starts: false };

/** Rivals in one n8n, each warmed up. */
async function bench<T>(
	setting: Setting,
	env: Record<string, string>,
	names: RivalName[],
	work: (bench: {
		run: (size: Size, load: Partial<Load> & Pick<Load, 'counts'>) => ReturnType<typeof compare>;
		bytesOf: (name: RivalName) => Promise<number>;
	}) => Promise<T>,
): Promise<T> {
	const { sandbox, quick } = setting;
	return await withN8n(setting, env, async ({ n8n, client, credential, userFolder }) => {
		const database = await openSqlite(userFolder);
		const rivals: Rival[] = [];
		for (const name of names) {
			rivals.push(
				await publishRival(name, { client, credential, url: n8n.url }, sandbox.signingSecret),
			);
		}
		const run = async (size: Size, load: Partial<Load> & Pick<Load, 'counts'>) => {
			const counts = Object.entries(load.counts).map(([name, count]) => [
				name,
				quick ? Math.ceil(count / 10) : count,
			]);
			return await compare(database, rivals, {
				what: `${size}${load.starts === false ? ', forged' : ''}`,
				make: await makerOf(sandbox, size),
				secret: sandbox.signingSecret,
				rounds: quick ? 1 : 7,
				...load,
				counts: Object.fromEntries(counts) as Load['counts'],
			});
		};
		try {
			const first = { trigger: warmUp + memories, forgetful: warmUp, bare: warmUp, recipe: warmUp };
			await run('small', { what: 'warm-up', counts: first, rounds: 1 });
			const workflowOf = (name: RivalName) => rivals.find((one) => one.name === name)!.workflowId;
			return await work({
				run,
				bytesOf: async (name) => await database.lastExecutionBytes(workflowOf(name)),
			});
		} finally {
			await database.close();
		}
	});
}

/** With the settings that docs/scaling.md recommends. */
export async function measureDeliveries(setting: Setting): Promise<Measured> {
	const names: RivalName[] = ['trigger', 'forgetful', 'bare', 'recipe'];
	return await bench(setting, recommended, names, async ({ run, bytesOf }) => {
		const small = await run('small', {
			counts: { trigger: 200, forgetful: 200, bare: 200, recipe: 40 },
		});
		const refused = await run('small', { ...forged, counts: { trigger: 600, recipe: 40 } });
		const middle = await run('100 kB', { counts: { trigger: 100, bare: 100 } });
		const large = await run('5 MB', {
			counts: { trigger: 16, bare: 16 },
			rounds: 5,
			connections: 4,
		});
		await run('3 h', { counts: { trigger: 2, recipe: 2 }, rounds: 1, connections: 2 });
		return {
			accepted: small.ratio('trigger', 'bare'),
			accepted100kB: middle.ratio('trigger', 'bare'),
			accepted5MB: large.ratio('trigger', 'bare'),
			acceptedRecipe: small.ratio('trigger', 'recipe'),
			memory: small.ratio('trigger', 'forgetful'),
			forged: refused.ratio('trigger', 'recipe'),
			forgedExecutions: refused.executions('trigger'),
			bytes: median([(await bytesOf('trigger')) / (await bytesOf('recipe'))]),
		};
	});
}

/** With n8n's own settings. */
export async function measureDefaults(setting: Setting): Promise<Measured> {
	const env = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'false' };
	return await bench(setting, env, ['trigger', 'bare', 'recipe'], async ({ run }) => {
		const small = await run('small', { counts: { trigger: 80, bare: 80 } });
		const refused = await run('small', { ...forged, counts: { trigger: 80, recipe: 40 } });
		return {
			acceptedDefaults: small.ratio('trigger', 'bare'),
			forgedDefaults: refused.ratio('trigger', 'recipe'),
		};
	});
}
