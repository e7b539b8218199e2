import type { IConnections, IDataObject, INode, INodeExecutionData, IPinData } from 'n8n-workflow';

import { resultOf } from './result';
import { N8nRefused, Session } from './session';
import { waitFor } from './wait';

/** The owner's login. It can be public because only this machine can reach the n8n. */
export const owner = { email: 'owner@example.com', password: 'Playground1' };

export interface Credential {
	id: string;
	name: string;
	type: string;
}

export interface WorkflowDefinition {
	name: string;
	nodes: INode[];
	connections: IConnections;
	/** Pinned output of nodes; n8n uses it in manual runs only. */
	pinData?: IPinData;
	settings?: IDataObject;
}

export interface Workflow extends WorkflowDefinition {
	id: string;
	versionId: string;
	active: boolean;
}

interface NodeTypeSummary {
	name: string;
	iconUrl?: string | { light: string; dark: string };
}

export interface ExecutionSummary {
	id: string;
	status: string;
	mode: string;
	workflowId: string;
}

export interface Execution extends ExecutionSummary {
	/** Message of the error that ended the execution, if any. */
	error?: string;
	/** The items of a node's first output; empty if it did not run. */
	itemsOf(nodeName: string): INodeExecutionData[];
}

export interface PublicationFailure {
	nodeId: string;
	message: string;
}

export interface InstalledPackage {
	packageName: string;
	installedVersion: string;
	/** The version that n8n offers as an update, if there is one. */
	updateAvailable?: string;
}

export interface DataTable {
	id: string;
	name: string;
}

export type DataTableColumn = { name: string; type: 'string' | 'number' | 'boolean' | 'date' };

/** A workflow could not be published. The message is the one that n8n shows on the canvas. */
export class PublicationFailed extends Error {}

const finishedStatuses = ['success', 'error', 'crashed', 'canceled'];

/** A client for n8n's internal REST API, which the editor uses, with one signed-in user. */
export class N8nClient {
	private readonly session: Session;

	private constructor(private readonly url: string) {
		this.session = new Session(url);
	}

	/** Waits until n8n answers, and signs in as its owner. */
	static async signIn(url: string): Promise<N8nClient> {
		const client = new N8nClient(url);
		await client.signIn();
		return client;
	}

	/** Signs in as the owner, creating the account if there is none. Also for an n8n that was restarted. */
	async signIn(): Promise<void> {
		// Older releases report that they are ready shortly before the REST API is.
		const { userManagement } = await waitFor('answer from the REST API of n8n', () =>
			this.session.get<Settings>('/rest/settings').catch(() => undefined),
		);
		if (userManagement.showSetupOnFirstLoad) {
			await this.session.post('/rest/owner/setup', {
				...owner,
				firstName: 'Terra',
				lastName: 'Owner',
			});
		} else {
			await this.session.post('/rest/login', {
				emailOrLdapLoginId: owner.email,
				password: owner.password,
			});
		}
	}

	/** Every node type that n8n has loaded. */
	async nodeTypes(): Promise<NodeTypeSummary[]> {
		return JSON.parse(String(await this.session.getFile('/types/nodes.json'))) as NodeTypeSummary[];
	}

	/** The list in Settings → Community Nodes. */
	async installedPackages(): Promise<InstalledPackage[]> {
		return await this.session.get('/rest/community-packages');
	}

	/** Does the same as Settings → Community Nodes → Install. */
	async installPackage(name: string, version: string): Promise<InstalledPackage> {
		return await this.session.post('/rest/community-packages', { name, version });
	}

	async updatePackage(name: string, version: string): Promise<InstalledPackage> {
		return await this.session.patch('/rest/community-packages', { name, version });
	}

	async uninstallPackage(name: string): Promise<void> {
		await this.session.delete(`/rest/community-packages?name=${name}`);
	}

	async credentials(): Promise<Credential[]> {
		return await this.session.get('/rest/credentials');
	}

	async createCredential(name: string, type: string, data: IDataObject): Promise<Credential> {
		return await this.session.post('/rest/credentials', { name, type, data });
	}

	async updateCredential({ id, name, type }: Credential, data: IDataObject): Promise<Credential> {
		return await this.session.patch(`/rest/credentials/${id}`, { name, type, data });
	}

	/** Tests a credential, as the editor does. */
	async testCredential(
		{ id, name, type }: Credential,
		data: IDataObject,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		return await this.session.post('/rest/credentials/test', {
			credentials: { id, name, type, data },
		});
	}

	async workflows(): Promise<Array<{ id: string; name: string }>> {
		return await this.session.get('/rest/workflows');
	}

	async workflow(id: string): Promise<Workflow> {
		return await this.session.get(`/rest/workflows/${id}`);
	}

	async createWorkflow(definition: WorkflowDefinition): Promise<Workflow> {
		return await this.session.post('/rest/workflows', { settings: {}, ...definition });
	}

	async updateWorkflow(id: string, definition: WorkflowDefinition): Promise<Workflow> {
		const { versionId } = await this.workflow(id);
		return await this.session.patch(`/rest/workflows/${id}`, { ...definition, versionId });
	}

	/**
	 * Publishes the newest version of a workflow and waits until its triggers are active.
	 *
	 * @throws PublicationFailed with the trigger's error message
	 */
	async publish(id: string): Promise<void> {
		const { versionId } = await this.workflow(id);
		try {
			await this.session.post(`/rest/workflows/${id}/activate`, { versionId });
		} catch (error) {
			// Releases before 2.41 activate synchronously and report a trigger's error in the answer.
			if (error instanceof N8nRefused && error.status === 400) {
				throw new PublicationFailed([error.message, error.description].filter(Boolean).join(' '));
			}
			throw error;
		}

		await this.published(id);
	}

	/** Waits until the triggers of a workflow that has just been published are active. Throws like `publish`. */
	async published(id: string): Promise<void> {
		const outcome = await waitFor('end of the publication', () => this.publicationOutcome(id), {
			seconds: 90,
		});
		if (outcome.status !== 'published') {
			throw new PublicationFailed(
				outcome.triggers.map((trigger) => trigger.errorMessage).join(' '),
			);
		}
	}

	async deactivate(id: string): Promise<void> {
		await this.session.post(`/rest/workflows/${id}/deactivate`, {});
	}

	private async publicationOutcome(id: string) {
		interface Publication {
			status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
			triggers: Array<{ nodeId: string; errorMessage: string | null }>;
		}
		try {
			const publication = await this.session.get<Publication>(
				`/rest/workflows/${id}/publication-status`,
			);
			const pending = ['in_progress', 'not_published'].includes(publication.status);
			return pending ? undefined : publication;
		} catch (error) {
			// Releases that activate synchronously have no such endpoint, and nothing to wait for.
			if (error instanceof N8nRefused && error.status === 404) {
				return { status: 'published', triggers: [] } as Publication;
			}
			throw error;
		}
	}

	/** Runs a workflow from one of its triggers, like Execute Workflow in the editor, and waits until it has finished. */
	async run(id: string, triggerName: string): Promise<Execution> {
		const { executionId } = await this.runManually(id, triggerName);
		return await this.finished(executionId);
	}

	/** Activates the test URL of a webhook trigger, like Listen for Test Event in the editor. */
	async listenForTestEvent(id: string, triggerName: string): Promise<void> {
		const { waitingForWebhook } = await this.runManually(id, triggerName);
		if (!waitingForWebhook) throw new Error('n8n did not activate the test URL');
	}

	private async runManually(id: string, triggerName: string) {
		const workflowData = await this.workflow(id);
		return await this.session.post<{ executionId: string; waitingForWebhook?: boolean }>(
			`/rest/workflows/${id}/run`,
			{ workflowData, triggerToStartFrom: { name: triggerName } },
		);
	}

	/** The executions of a workflow, newest first, including unfinished ones. */
	async executions(workflowId: string): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.session.get<{ results: ExecutionSummary[] }>(
			`/rest/executions?limit=100&filter=${filter}`,
		);
		return results;
	}

	async execution(id: string): Promise<Execution> {
		const { data, ...summary } = await this.session.get<ExecutionSummary & { data: string }>(
			`/rest/executions/${id}`,
		);
		return { ...summary, ...resultOf(data) };
	}

	/** Waits until an execution has finished. */
	async finished(executionId: string): Promise<Execution> {
		return await waitFor(
			`end of execution ${executionId}`,
			async () => {
				const execution = await this.execution(executionId);
				return finishedStatuses.includes(execution.status) ? execution : undefined;
			},
			{ seconds: 120 },
		);
	}

	/** Waits until a workflow has at least `count` executions and all have finished. Returns them, oldest first. */
	async finishedExecutions(workflowId: string, count: number): Promise<Execution[]> {
		const summaries = await waitFor(
			`${count} finished executions`,
			async () => {
				const found = await this.executions(workflowId);
				const done = found.every(({ status }) => finishedStatuses.includes(status));
				return done && found.length >= count ? found : undefined;
			},
			{ seconds: 60 },
		);
		return await Promise.all(summaries.reverse().map(({ id }) => this.execution(id)));
	}

	async stopExecution(id: string): Promise<void> {
		await this.session.post(`/rest/executions/${id}/stop`, {});
	}

	/** Deletes an execution and its data. */
	async deleteExecution(id: string): Promise<void> {
		await this.session.post('/rest/executions/delete', { ids: [id] });
	}

	/**
	 * Downloads a file of an execution, as the editor does.
	 *
	 * @throws N8nRefused if it does not exist
	 */
	async download(id: string): Promise<Buffer> {
		const query = `id=${encodeURIComponent(id)}&action=download`;
		return await this.session.getFile(`/rest/binary-data?${query}`);
	}

	async dataTables(): Promise<DataTable[]> {
		const { data } = await this.session.get<{ data: DataTable[] }>(
			`${await this.tablesPath()}?take=100`,
		);
		return data;
	}

	async createDataTable(name: string, columns: DataTableColumn[]): Promise<DataTable> {
		return await this.session.post(await this.tablesPath(), { name, columns });
	}

	/** All rows of a table. */
	async rows(tableId: string): Promise<IDataObject[]> {
		const path = `${await this.tablesPath()}/${tableId}/rows`;
		const rows: IDataObject[] = [];
		for (;;) {
			const page = await this.session.get<{ count: number; data: IDataObject[] }>(
				`${path}?take=250&skip=${rows.length}&sortBy=id:asc`,
			);
			rows.push(...page.data);
			if (page.data.length === 0 || rows.length >= page.count) return rows;
		}
	}

	/** The URL at which the editor shows a table. */
	async tableUrl(tableId: string): Promise<string> {
		return `${this.url}/projects/${await this.personalProject()}/datatables/${tableId}`;
	}

	private async tablesPath(): Promise<string> {
		return `/rest/projects/${await this.personalProject()}/data-tables`;
	}

	private async personalProject(): Promise<string> {
		return (await this.session.get<{ id: string }>('/rest/projects/personal')).id;
	}
}

interface Settings {
	userManagement: { showSetupOnFirstLoad: boolean };
}
