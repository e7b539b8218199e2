import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';

import type { Credential, N8n, N8nVersion, Workflow } from '../../playground/n8n';
import {
	currentVersion,
	N8nClient,
	packNodes,
	runtimeFolder,
	startN8n,
} from '../../playground/n8n';
import type { Sandbox, SandboxOptions } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { createTerraCredential } from '../../playground/credential';
import { triggerNode } from '../support/triggerNode';

export { triggerName } from '../support/triggerNode';

/** A real n8n with the packed tarball, and the sandbox it talks to. */
export interface World {
	/** n8n's URL. */
	url: string;
	client: N8nClient;
	sandbox: Sandbox;
	credential: Credential;
	/** Stops n8n and starts it again with the same folder and port, and other settings if given. */
	restartN8n(env?: Record<string, string>): Promise<void>;
	/** Kills n8n and starts it again. */
	crashN8n(env?: Record<string, string>): Promise<void>;
	/** n8n's output since its last start. */
	logs(): string;
	close(): Promise<void>;
}

/** The version of n8n that this run tests. */
export const version = (process.env.TERRA_E2E_N8N ?? currentVersion) as N8nVersion;

/** @param env n8n's settings for this test */
export async function startWorld(
	env: Record<string, string> = {},
	sandboxOptions: SandboxOptions = {},
): Promise<World> {
	const world = await startEmptyWorld(env, await packNodes(), undefined, sandboxOptions);
	try {
		const credential = await createTerraCredential(world.client, world.sandbox);
		return { ...world, credential };
	} catch (error) {
		await world.close();
		throw error;
	}
}

/**
 * A world without any set-up of Terra's nodes; without a tarball they are not installed either.
 *
 * @param folder n8n's user folder if it exists already; it is deleted at the end
 */
export async function startEmptyWorld(
	env: Record<string, string>,
	tarball?: string,
	folder?: string,
	sandboxOptions: SandboxOptions = {},
): Promise<Omit<World, 'credential'>> {
	const userFolder = folder ?? (await mkdtemp(join(runtimeFolder, 'e2e-')));
	const sandbox = await startSandbox(sandboxOptions);
	let n8n: N8n | undefined;
	const close = async () => {
		await n8n?.stop();
		await sandbox.close();
		await rm(userFolder, { recursive: true, force: true });
	};
	try {
		n8n = await startN8n({ version, userFolder, env, tarball });
		const client = await N8nClient.signIn(n8n.url);
		const { url } = n8n;
		const startAgain = async (change: Record<string, string> = {}) => {
			const port = Number(new URL(url).port);
			n8n = await startN8n({ version, userFolder, env: { ...env, ...change }, port });
			await client.signIn();
		};
		const restartN8n = async (change?: Record<string, string>) => {
			await n8n?.stop();
			await startAgain(change);
		};
		const crashN8n = async (change?: Record<string, string>) => {
			await n8n?.kill();
			await startAgain(change);
		};
		const logs = () => n8n?.logs() ?? '';
		return { url, client, sandbox, restartN8n, crashN8n, logs, close };
	} catch (error) {
		// An open sandbox would keep jest from exiting.
		await close();
		throw error;
	}
}

export const historyName = 'Get Rides';
export const nextName = 'Next';

/** A workflow with only a Terra Trigger; `production` and `test` are its URLs. */
export async function createTriggerWorkflow(
	{ client, url, credential }: World,
	parameters: INode['parameters'] = {},
	otherCredential?: Credential,
	admin?: Credential,
): Promise<{ workflow: Workflow; production: string; test: string }> {
	const { node, path } = triggerNode(otherCredential ?? credential, parameters, admin);
	const workflow = await client.createWorkflow({
		name: 'New rides',
		nodes: [node],
		connections: {},
	});
	return {
		workflow,
		production: `${url}/webhook/${path}`,
		test: `${url}/webhook-test/${path}`,
	};
}

/** A workflow with a Manual Trigger and Terra's Get Many, and optionally another node after it. */
export async function createHistoryWorkflow(
	{ client, credential: { id, name } }: World,
	parameters: INode['parameters'],
	nextType?: string,
): Promise<Workflow> {
	const next: INode = {
		id: randomUUID(),
		name: nextName,
		type: nextType ?? '',
		typeVersion: 3.4,
		position: [400, 0],
		parameters: {},
	};
	return await client.createWorkflow({
		name: `History ${randomUUID()}`,
		nodes: [
			{
				id: randomUUID(),
				name: 'By Hand',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: randomUUID(),
				name: historyName,
				type: 'n8n-nodes-terra.terra',
				typeVersion: 1,
				position: [200, 0],
				parameters: { resource: 'activity', operation: 'getAll', ...parameters },
				credentials: { terraApi: { id, name } },
			},
			...(nextType ? [next] : []),
		],
		connections: {
			'By Hand': { main: [[{ node: historyName, type: 'main', index: 0 }]] },
			...(nextType && { [historyName]: { main: [[{ node: nextName, type: 'main', index: 0 }]] } }),
		},
	});
}

/** An activity event about a ride that the sandbox has just generated. */
export async function rideEvent({ sandbox }: World) {
	const { activity } = await sandbox.finishRide({ deliver: false });
	return { type: 'activity', user: sandbox.users[0], data: [activity], version: '2022-03-16' };
}

/** A signature computed from Terra's documentation, independently of the nodes and the sandbox. */
export function signatureOf(body: string, secret: string, timestamp = Date.now() / 1000): string {
	const t = Math.floor(timestamp);
	return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}

/** Posts any body with any headers; there is no content type by default. */
export async function post(
	url: string,
	body: string,
	headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
	const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
	return { status: response.status, text: await response.text() };
}
