import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { N8nClient, runtimeFolder, startN8n, waitFor, type Credential } from '../../playground/n8n';
import type { Sandbox } from '../../sandbox';
import type { Contender } from './workflows';

export interface Measured {
	/** From the start of the execution until n8n has stored its end. */
	seconds: number;
	/** What the process of n8n took at its peak on top of what it has when idle. */
	peakMegabytes: number;
	/** Summary IDs in the order they came. */
	rides: string[];
}

/** The workflow was not over in this time. */
export class TooLong extends Error {}

export const PATIENCE_SECONDS = 150;

const SETTLING_MS = 2_000;

const OWNER = { email: 'owner@example.com', password: 'Playground1' };

/** Runs a workflow once in an n8n that was started for it, so that no other run has grown its memory. */
export async function runInN8n(
	sandbox: Sandbox,
	tarball: string,
	contenderFor: (credential: Credential) => Contender,
): Promise<Measured> {
	const userFolder = await mkdtemp(join(runtimeFolder, 'bench-'));
	const env = { NODE_OPTIONS: `--require ${require.resolve('./collectGarbage.js')}` };
	const n8n = await startN8n({ userFolder, tarball, env });
	try {
		const client = new N8nClient(n8n.url);
		await client.signIn(OWNER);
		const credential = await client.createCredential('Terra', 'terraApi', {
			devId: sandbox.devId,
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.apiBase,
		});
		const { workflow, path } = contenderFor(credential);
		const { id } = await client.createWorkflow(workflow);
		await client.publish(id);

		process.kill(n8n.pid, 'SIGUSR2');
		await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
		const idle = await resetPeak(n8n.pid);
		const began = performance.now();
		const text = await answerOf(`${n8n.url}/webhook/${path}`);
		await waitFor(
			'end of the execution',
			async () => {
				const running = (await client.executions(id)).filter(
					({ status }) => !ENDS.includes(status),
				);
				return running.length === 0 || undefined;
			},
			{ seconds: 120, everyMs: 20 },
		);
		const seconds = (performance.now() - began) / 1000;
		const peak = await memoryOf(n8n.pid, 'VmHWM');

		const { rides } = JSON.parse(text) as { rides?: string[] };
		if (!rides) throw new Error(`The workflow answered ${text.slice(0, 200)}\n${n8n.logs(20)}`);
		return { seconds, peakMegabytes: peak - idle, rides: rides.map(summaryId) };
	} finally {
		await n8n.kill();
		await rm(userFolder, { recursive: true, force: true });
	}
}

async function answerOf(url: string): Promise<string> {
	try {
		const answer = await fetch(url, {
			signal: AbortSignal.timeout(PATIENCE_SECONDS * 1000 - 1000),
		});
		return await answer.text();
	} catch (error) {
		if ((error as Error).name === 'TimeoutError') throw new TooLong();
		throw error;
	}
}

const ENDS = ['success', 'error', 'crashed'];

/** A row has the athlete in front of it. */
function summaryId(key: string): string {
	return key.slice(key.indexOf(':') + 1);
}

/** Lets the kernel count the peak from here on. @returns what the process has now, in megabytes */
async function resetPeak(pid: number): Promise<number> {
	await writeFile(`/proc/${pid}/clear_refs`, '5');
	return await memoryOf(pid, 'VmRSS');
}

async function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)![1]) / 1024;
}
