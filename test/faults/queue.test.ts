import { N8nClient, packNodes } from '../../playground/n8n';
import { openPostgres } from '../../playground/n8n/database';
import type { Member } from '../../playground/n8n/member';
import type { QueueMode } from '../../playground/n8n/queueMode';
import { startQueueMode } from '../../playground/n8n/queueMode';
import type { Services } from '../../playground/n8n/services';
import { startServices } from '../../playground/n8n/services';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { describeQueueMode } from '../queue/describe';
import { caddyExpected, startCaddy } from '../support/caddy';
import type { Proxy } from '../support/proxy';
import { startProxy } from '../support/proxy';
import { Ledger } from './ledger';

jest.setTimeout(400_000);

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** With the proxy of docs/queue-mode: otherwise a starting process would answer 200 and lose the ride. */
const describeBehindCaddy = caddyExpected ? describeQueueMode : describe.skip;

describeBehindCaddy('n8n in queue mode, under faults', () => {
	const undo: Array<() => Promise<unknown>> = [];
	let services: Services;
	let postgres: Proxy;
	let redis: Proxy;
	let n8n: QueueMode;
	let sandbox: Sandbox;
	let ledger: Ledger;

	beforeAll(async () => {
		services = await startServices();
		undo.push(services.close);
		// Cut between n8n and the servers, since others may be using those as well.
		postgres = await startProxy([services.postgres]);
		undo.push(postgres.close);
		redis = await startProxy([services.redis]);
		undo.push(redis.close);
		sandbox = await startSandbox({ timeScale: 60 });
		undo.push(sandbox.close);

		n8n = await startQueueMode({
			services,
			via: { postgres, redis },
			tarball: await packNodes(),
			webhooks: 2,
			workers: 2,
		});
		undo.push(n8n.close);
		const caddy = await startCaddy(
			n8n.main.url,
			n8n.webhooks.map(({ url }) => url),
		);
		undo.push(caddy.close);

		const client = await N8nClient.signIn(n8n.main.url);
		const database = async () => openPostgres(services.postgres);
		ledger = await Ledger.open(sandbox, client, database, caddy.url);
	});
	afterAll(async () => {
		for (const step of undo.reverse()) await step();
	});

	/** Sends rides, and causes each fault once its share of them has been accepted. */
	const sendAmong = async (count: number, faults: Array<() => Promise<unknown>>) => {
		const before = ledger.acceptedSoFar();
		const sending = ledger.send(count);
		for (const [index, fault] of faults.entries()) {
			await ledger.accepted(before + Math.floor((count * (index + 1)) / (faults.length + 2)));
			await fault();
		}
		await sending;
	};
	const nothingLost = (sent: number) => ({ sent, accepted: sent, lost: 0, unheard: 0 });
	const kill = (member: Member) => async () => await member.kill();

	it('loses no accepted ride when each kind of process is killed', async () => {
		await sendAmong(600, [
			kill(n8n.webhooks[0]!),
			kill(n8n.workers[0]!),
			kill(n8n.main),
			kill(n8n.webhooks[1]!),
		]);
		expect(n8n.members.map(({ restarts }) => restarts).sort()).toEqual([0, 1, 1, 1, 1]);
		expect(await ledger.account('queue mode, processes killed')).toMatchObject(nothingLost(600));
	});

	it('loses no ride when PostgreSQL stops and comes back', async () => {
		await sendAmong(250, [
			async () => {
				await postgres.cut();
				await seconds(10);
				await postgres.restore();
			},
		]);
		expect(await ledger.account('queue mode, PostgreSQL stopped')).toMatchObject(nothingLost(250));
	});

	it('loses no ride when Redis stops and comes back', async () => {
		await sendAmong(250, [
			async () => {
				await redis.cut();
				await seconds(15);
				await redis.restore();
			},
		]);
		expect(await ledger.account('queue mode, Redis stopped')).toMatchObject(nothingLost(250));
	});

	it('loses no ride when Redis comes back empty', async () => {
		await sendAmong(200, [
			async () => {
				await redis.cut();
				await services.emptyRedis();
				await redis.restore();
			},
		]);
		expect(await ledger.account('queue mode, Redis emptied')).toMatchObject(nothingLost(200));
	});

	it('adds unfinished and undelivered rides with the nightly Get Many', async () => {
		for (let secret = 0; secret < 5; secret++) ledger.keepSecret();
		const holes = await ledger.missingRows();
		expect(holes.length).toBeGreaterThanOrEqual(5);
		await ledger.reconcile();
		expect(await ledger.missingRows()).toEqual([]);
	});
});
