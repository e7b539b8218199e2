import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { N8nClient, packNodes, runtimeFolder, waitFor } from '../../playground/n8n';
import { openSqlite } from '../../playground/n8n/database';
import { Member } from '../../playground/n8n/member';
import { createTerraCredential } from '../../playground/credential';
import { startSandbox } from '../../sandbox';
import { triggerNode } from '../support/triggerNode';

jest.setTimeout(600_000);

const HOUR = 3_600_000;
const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/**
 * One n8n with SQLite, without a proxy and without a nightly workflow. It is killed several times while rides end, and
 * answers 200 to deliveries while it starts; some rides are never delivered.
 */
it('catching up starts every missed ride, and none twice', async () => {
	const folder = await mkdtemp(join(runtimeFolder, 'catch-up-'));
	let aheadMs = 0;
	const sandbox = await startSandbox({
		timeScale: 60,
		deliveryConcurrency: 20,
		now: () => Date.now() + aheadMs,
	});
	const options = { userFolder: folder };
	let n8n = await Member.start({ ...options, tarball: await packNodes() });
	try {
		const client = await N8nClient.signIn(n8n.url);
		const credential = await createTerraCredential(client, sandbox);
		const { node, path } = triggerNode(credential, { columns: 'full' });
		const workflow = await client.createWorkflow({ name: 'Rides', nodes: [node], connections: {} });
		await client.publish(workflow.id);
		sandbox.setDestination(`${n8n.url}/webhook/${path}`);
		// A ride that ended before the publication would not be caught up on; Terra's times are in whole seconds.
		await pause(2_000);

		const rides: string[] = [];
		const finish = async (deliver: boolean) => {
			const startTime = new Date(Date.now() - 600_000);
			const { activity } = await sandbox.finishRide({ durationSeconds: 600, startTime, deliver });
			rides.push(activity.metadata.summary_id);
		};
		const swallowed = () =>
			sandbox.ledger.filter(({ attempts }) =>
				/is starting up/.test(attempts.at(-1)?.responseBody ?? ''),
			).length;
		for (let kill = 0; kill < 4 || (swallowed() === 0 && kill < 8); kill++) {
			for (let count = 0; count < 10; count++) await finish(true);
			await n8n.kill();
			// Few enough for all of them to fit into n8n's table.
			for (let count = 0; count < 60 && !(await n8n.isReady()); count++) {
				await finish(count % 12 > 0);
				await pause(100);
			}
			await waitFor('n8n', async () => (await n8n.isReady()) || undefined, { seconds: 60 });
		}
		await sandbox.settled();
		const accepted = sandbox.ledger.filter(({ outcome }) => outcome === 'accepted').length;
		const lost = swallowed();
		expect(lost).toBeGreaterThan(0);

		const times = async () => {
			const database = await openSqlite(folder);
			const executions = await database.executions(workflow.id);
			await database.close();
			// A question contains the IDs of rides but does not start them.
			const brought = executions.filter(({ data }) => !data.includes('terraQuestion'));
			const has = (id: string) => brought.filter(({ data }) => data.includes(id));
			return rides.map((id) => ({
				id,
				all: has(id).length,
				finished: has(id).filter(({ status }) => status === 'success').length,
			}));
		};
		const missing = async () => (await times()).filter(({ all }) => all === 0).length;
		const before = await missing();
		expect(before).toBeGreaterThan(0);

		// Three hours later n8n starts again.
		const kills = n8n.restarts;
		await n8n.stop();
		aheadMs = 3 * HOUR;
		n8n = await Member.start({
			...options,
			port: Number(new URL(n8n.url).port),
			env: {
				NODE_OPTIONS: `--require "${require.resolve('../support/clockAhead.js')}"`,
				CLOCK_AHEAD_MS: String(aheadMs),
			},
		});
		await waitFor('all rides', async () => (await missing()) === 0 || undefined, {
			seconds: 180,
			everyMs: 2_000,
		});
		// A second execution for a ride would arrive now.
		await pause(10_000);
		const counted = await times();
		const figures = {
			sent: rides.length,
			accepted,
			swallowed: lost,
			missingBefore: before,
			missing: counted.filter(({ all }) => all === 0).length,
			twice: counted.filter(({ finished }) => finished > 1).length,
			kills,
		};
		process.stdout.write(`SQLite, killed, catching up: ${JSON.stringify(figures)}\n`);
		await mkdir('.reports', { recursive: true });
		await writeFile('.reports/faults catching up.json', JSON.stringify(figures, null, '\t'));
		expect(figures).toMatchObject({ missing: 0, twice: 0 });
	} catch (error) {
		process.stderr.write(n8n.logs(40));
		throw error;
	} finally {
		await n8n.stop();
		await sandbox.close();
		await rm(folder, { recursive: true, force: true });
	}
});
