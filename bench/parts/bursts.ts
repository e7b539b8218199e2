import { openSqlite } from '../../playground/n8n/database';
import type { Measured } from '../budgets';
import { finished, timesStored } from '../compare';
import { makerOf, type Size } from '../deliveries';
import { send } from '../load';
import { memoryOf, recommended, withN8n } from '../n8n';
import type { Setting } from '../part';
import { publishRival } from '../rivals';

interface Burst {
	/** Seconds. */
	slowestAnswer: number;
	/** Deliveries answered neither 200 nor 503, or answered 200 but not stored exactly once. */
	wrong: number;
	/** n8n's peak memory in MB. */
	peak: number;
}

/** Sends all deliveries at the same moment to an n8n that has just started. */
export async function measureBursts(setting: Setting): Promise<Measured> {
	const many = await burst(setting, 'small', setting.quick ? 100 : 1000);
	const large = await burst(setting, '10 MB', setting.quick ? 6 : 60);
	return {
		thousand: many.slowestAnswer,
		thousandWrong: many.wrong,
		thousandMemory: many.peak,
		largeWrong: large.wrong,
		largeMemory: large.peak,
	};
}

async function burst(setting: Setting, size: Size, count: number): Promise<Burst> {
	const { sandbox } = setting;
	return await withN8n(setting, recommended, async ({ n8n, client, credential, userFolder }) => {
		const place = { client, credential, urls: [n8n.url] };
		const { workflowId, urls } = await publishRival('trigger', place, sandbox.signingSecret);
		const make = await makerOf(sandbox, size);
		await send((await makerOf(sandbox, 'small'))(40, sandbox.signingSecret), urls, 10);

		const database = await openSqlite(userFolder);
		try {
			const { lastId } = await finished(database, workflowId);
			const deliveries = make(count, sandbox.signingSecret);
			const { statuses, latency, failures } = await send(deliveries, urls, count);
			await finished(database, workflowId);
			const times = await timesStored(database, workflowId, lastId, deliveries);
			const { 200: accepted = 0, 503: refused = 0 } = statuses;
			const peak = Math.round(await memoryOf(n8n.pid, 'VmHWM'));
			console.log(
				`  ${count} of ${size} at once: ${accepted} accepted and ${refused} refused, ${times.size} stored, slowest ${latency.slowest} ms, ${peak} MB`,
			);
			const twice = [...times.values()].filter((number) => number > 1).length;
			return {
				slowestAnswer: latency.slowest / 1000,
				wrong: failures + (count - accepted - refused) + Math.max(0, accepted - times.size) + twice,
				peak,
			};
		} finally {
			await database.close();
		}
	});
}
