import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import type { Credential, Workflow } from '../../playground/n8n';
import { freePort, host, N8nClient, packNodes } from '../../playground/n8n';
import type { PostgresDatabase } from '../../playground/n8n/database';
import { openPostgres } from '../../playground/n8n/database';
import type { QueueMode } from '../../playground/n8n/queueMode';
import { startQueueMode } from '../../playground/n8n/queueMode';
import { startServices } from '../../playground/n8n/services';
import type { Sandbox, SendOptions } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { PayloadHost } from '../support/payloadHost';
import { startPayloadHost } from '../support/payloadHost';
import {
	createAdminCredential,
	createTerraCredential,
	noSecret,
} from '../../playground/credential';
import { startProxy, type Proxy } from '../support/proxy';
import { triggerName, triggerNode } from '../support/triggerNode';

/** A real n8n in queue mode, the sandbox that delivers to it, and the host of the ping payloads. */
export interface World {
	n8n: QueueMode;
	client: N8nClient;
	database: PostgresDatabase;
	sandbox: Sandbox;
	storage: PayloadHost;
	/** One address in front of both webhook processes, which Terra uses. */
	balancer: Proxy;
	credential: Credential;
	/** A credential without a signing secret, and one for the Admin API. */
	withoutSecret: Credential;
	adminCredential: Credential;
	close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
	const undo: Array<() => Promise<unknown>> = [];
	const close = async () => {
		for (const step of undo.reverse()) await step();
	};
	try {
		const tarball = await packNodes();
		const services = await startServices();
		undo.push(services.close);
		const sandbox = await startSandbox({ timeScale: 1000 });
		undo.push(sandbox.close);
		const storage = await startPayloadHost();
		undo.push(storage.close);
		const balancerPort = await freePort();

		const env = await environment(storage, balancerPort, undo);
		const n8n = await startQueueMode({ services, tarball, webhooks: 2, workers: 2, env });
		undo.push(n8n.close);
		const balancer = await startProxy(
			n8n.webhooks.map(({ url }) => ({ host, port: Number(new URL(url).port) })),
			balancerPort,
		);
		undo.push(balancer.close);

		const client = await N8nClient.signIn(n8n.main.url);
		const credential = await createTerraCredential(client, sandbox);
		const withoutSecret = await createTerraCredential(client, sandbox, noSecret);
		const adminCredential = await createAdminCredential(client, sandbox);
		const database = openPostgres(services.postgres);
		undo.push(database.close);
		const credentials = { credential, withoutSecret, adminCredential };
		return { n8n, client, database, sandbox, storage, balancer, ...credentials, close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function environment(
	storage: PayloadHost,
	balancerPort: number,
	undo: Array<() => Promise<unknown>>,
) {
	const folder = await mkdtemp(join(tmpdir(), 'terra-queue-'));
	undo.push(() => rm(folder, { recursive: true, force: true }));
	const certificate = join(folder, 'storage.pem');
	await writeFile(certificate, storage.certificate);
	return {
		N8N_WEBHOOK_URL: `http://${host}:${balancerPort}/`,
		HTTPS_PROXY: storage.proxyUrl,
		NODE_EXTRA_CA_CERTS: certificate,
	};
}

/** A published workflow with a Terra Trigger and other nodes after it. */
export async function publishTrigger(
	{ client, credential, withoutSecret, adminCredential, n8n, balancer, sandbox, database }: World,
	parameters: INodeParameters = {},
	behind: INode[] = [],
) {
	const { node, path: webhookPath } = triggerNode(
		parameters.registration === 'automatic' ? withoutSecret : credential,
		parameters,
		parameters.registration === 'automatic' ? adminCredential : undefined,
	);
	const workflow: Workflow = await client.createWorkflow({
		name: 'New rides',
		nodes: [node, ...behind],
		connections: Object.fromEntries(
			behind.map(({ name }, index) => [
				[node, ...behind][index]!.name,
				{ main: [[{ node: name, type: 'main', index: 0 }]] },
			]),
		),
	});
	await client.publish(workflow.id);
	const path = `/webhook/${webhookPath}`;
	const urls = n8n.webhooks.map(({ url }) => url + path);

	/** Delivers once to one of the webhook processes, and returns its answer. */
	const send = async (event: object, options: SendOptions = {}, process = 0) => {
		const { attempts } = await sandbox.send(event, {
			destinationUrl: urls[process],
			retries: false,
			...options,
		});
		const { status, responseBody: text, error } = attempts[0]!;
		return error ? { error } : { status, text };
	};

	return {
		workflow,
		/** The URLs of each webhook process, and of the load balancer in front. */
		urls,
		publicUrl: balancer.url + path,
		send,
		/** The items of all executions, once they have ended. A delivery that was answered has an execution. */
		async items(): Promise<IDataObject[]> {
			const executions = await client.finishedExecutions(workflow.id, 1);
			return executions.flatMap((one) => one.itemsOf(triggerName)).map(({ json }) => json);
		},
		started: async () => (await database.progress(workflow.id)).started,
	};
}
