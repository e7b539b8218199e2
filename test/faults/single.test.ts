import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { N8nClient, packNodes, runtimeFolder, waitFor } from '../../playground/n8n';
import { openSqlite } from '../../playground/n8n/database';
import { Member } from '../../playground/n8n/member';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { Ledger } from './ledger';

jest.setTimeout(400_000);

/** Whether a small disk can be mounted to be filled: a tmpfs, which needs root. */
const mountable = process.getuid?.() === 0 && process.platform === 'linux';
if (!mountable)
	process.stderr.write('Skipped, "the disk fills": only root can mount a small one.\n');

describe('one n8n with SQLite', () => {
	let folder: string;
	let sandbox: Sandbox;
	let n8n: Member;
	let ledger: Ledger;
	/** How far the sandbox's clock is ahead of the real one. */
	let clockAheadMs = 0;

	beforeAll(async () => {
		folder = await mkdtemp(join(runtimeFolder, 'faults-'));
		if (mountable) mount(folder);
		const userFolder = join(folder, 'user');
		await mkdir(userFolder);
		sandbox = await startSandbox({ timeScale: 60, now: () => Date.now() + clockAheadMs });
		n8n = await Member.start({ userFolder, tarball: await packNodes() });
		const client = await N8nClient.signIn(n8n.url);
		ledger = await Ledger.open(sandbox, client, () => openSqlite(userFolder), n8n.url);
	});
	afterAll(async () => {
		await n8n?.stop();
		await sandbox?.close();
		if (mountable) spawnSync('umount', [folder]);
		await rm(folder, { recursive: true, force: true });
	});

	it('has an execution for each accepted ride after three kills during 800 rides', async () => {
		const sending = ledger.send(800);
		for (const before of [150, 350, 550]) {
			await ledger.accepted(before);
			await n8n.kill();
		}
		await sending;
		expect(n8n.restarts).toBe(3);

		const account = await ledger.account('SQLite, killed three times');
		expect(account).toMatchObject({ sent: 800, accepted: 800, lost: 0 });
	});

	it('loses and invents nothing when connections are cut in mid-body and the clock jumps', async () => {
		sandbox.faults.add({ kind: 'delivery_cut', times: 100, afterMs: 5 });
		const sending = ledger.send(400);
		for (const [accepted, hours] of [
			[80, 5],
			[160, -5],
			[240, 0],
		] as const) {
			await ledger.accepted(800 + accepted);
			clockAheadMs = hours * 3_600_000;
		}
		await sending;

		const account = await ledger.account('SQLite, cut connections and clock steps');
		expect(account).toMatchObject({ sent: 400, accepted: 400, lost: 0 });
		// Half a body starts nothing, so cut connections alone cause no duplicates.
		expect(account).toMatchObject({ twice: 0, unfinished: 0 });
	});

	(mountable ? it : it.skip)(
		'the disk fills: rides are refused until there is room, and then arrive',
		async () => {
			const sending = ledger.send(400);
			await ledger.accepted(1300);
			const filler = join(folder, 'filler');
			await fill(filler);
			const refusedBefore = refusals();
			await waitFor(
				'refused deliveries',
				async () => refusals() > refusedBefore + 20 || undefined,
				{
					seconds: 60,
				},
			);
			await rm(filler);
			await sending;

			const account = await ledger.account('SQLite, disk full');
			expect(account).toMatchObject({ sent: 400, accepted: 400, lost: 0 });
		},
	);

	it('adds unfinished and undelivered rides with the nightly Get Many', async () => {
		for (let secret = 0; secret < 5; secret++) ledger.keepSecret();
		const holes = await ledger.missingRows();
		expect(holes.length).toBeGreaterThanOrEqual(5);
		await ledger.reconcile();
		expect(await ledger.missingRows()).toEqual([]);
	});

	const refusals = () =>
		sandbox.ledger.flatMap(({ attempts }) => attempts).filter(({ status }) => status !== 200)
			.length;
});

function mount(folder: string): void {
	const { status, stderr } = spawnSync('mount', [
		'-t',
		'tmpfs',
		'-o',
		'size=200m',
		'tmpfs',
		folder,
	]);
	if (status !== 0) throw new Error(`No small disk: ${String(stderr)}`);
}

/** Writes until the disk is full. */
async function fill(file: string): Promise<void> {
	const handle = await open(file, 'w');
	try {
		for (const size of [1_000_000, 4096, 1]) {
			const block = Buffer.alloc(size);
			for (;;) await handle.write(block);
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
	} finally {
		await handle.close();
	}
}
