import type { Sandbox } from '../sandbox';
import { startSandbox } from '../sandbox';
import { credentialFor } from './credential';
import type { DataTable, N8n, Workflow, WorkflowDefinition } from './n8n';
import {
	currentVersion,
	freePort,
	installN8n,
	N8nClient,
	packNodes,
	startN8n,
	withProgress,
} from './n8n';
import { historyWorkflow, newRidesWorkflow, ridesTable, webhookPath } from './workflows';

export interface Playground {
	sandbox: Sandbox;
	n8n: N8n;
	client: N8nClient;
	table: DataTable;
	newRides: Workflow;
	history: Workflow;
	/** Stops n8n and the sandbox. */
	close(): Promise<void>;
}

/**
 * Starts the sandbox and an n8n with this package, installing n8n if necessary. Creates the owner, the credential, the
 * table and the two published workflows unless an earlier start did. Uses the given ports, or the next free ones.
 */
export async function openPlayground(options: {
	userFolder: string;
	ports?: { sandbox: number; n8n: number };
}): Promise<Playground> {
	await installN8n(currentVersion);
	const tarball = await packNodes();
	const sandbox = await startSandbox({ port: await freePort(options.ports?.sandbox) });
	let n8n: N8n | undefined;
	const close = async () => {
		await n8n?.stop();
		await sandbox.close();
	};
	try {
		const { userFolder } = options;
		const port = await freePort(options.ports?.n8n);
		n8n = await withProgress('Starting n8n', () => startN8n({ userFolder, tarball, port }));
		const client = await N8nClient.signIn(n8n.url);
		const contents = await createContents(client, sandbox);
		sandbox.setDestination(n8n.url + webhookPath(contents.newRides));
		return { sandbox, n8n, client, ...contents, close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function createContents(client: N8nClient, sandbox: Sandbox) {
	const credential = await ensureCredential(client, sandbox);
	const table = await ensureTable(client);
	const newRides = await ensurePublished(client, await newRidesWorkflow(credential));
	const history = await ensurePublished(client, await historyWorkflow(credential), fillTable);
	return { table, newRides, history };
}

/** Updates an existing credential, because the sandbox may be on another port than last time. */
async function ensureCredential(client: N8nClient, sandbox: Sandbox) {
	const data = credentialFor(sandbox);
	const existing = (await client.credentials()).find(({ type }) => type === 'terraApi');
	return existing
		? await client.updateCredential(existing, data)
		: await client.createCredential('Terra Sandbox', 'terraApi', data);
}

async function ensureTable(client: N8nClient): Promise<DataTable> {
	const existing = (await client.dataTables()).find(({ name }) => name === ridesTable.name);
	return existing ?? (await client.createDataTable(ridesTable.name, ridesTable.columns));
}

/** Creates the history workflow and runs it once for 7 days, so that a new playground's table is not empty. */
async function fillTable(client: N8nClient, definition: WorkflowDefinition): Promise<Workflow> {
	const lastWeek = structuredClone(definition);
	for (const { name, parameters } of lastWeek.nodes) {
		if (name === 'Get Rides') parameters.period = 'last7Days';
	}
	const { id } = await client.createWorkflow(lastWeek);
	await client.run(id, 'Run by Hand');
	return await client.updateWorkflow(id, definition);
}

/** Keeps an existing workflow of the same name unchanged, because the user may have edited it. */
async function ensurePublished(
	client: N8nClient,
	definition: WorkflowDefinition,
	create = async (api: N8nClient, wanted: WorkflowDefinition) => await api.createWorkflow(wanted),
): Promise<Workflow> {
	const existing = (await client.workflows()).find(({ name }) => name === definition.name);
	const workflow = existing ? await client.workflow(existing.id) : await create(client, definition);
	if (!workflow.active) await client.publish(workflow.id);
	return workflow;
}
