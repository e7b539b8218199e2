import type { IConnections, IDataObject, INode, INodeExecutionData, IPinData } from 'n8n-workflow';

import { resultOf } from './result';
import { N8nRefused, Session } from './session';
import { waitFor } from './wait';

/** For signing in to a local n8n, which only this machine can reach. */
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
	/** What nodes put out while the workflow is tried; ignored once it is published. */
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
	/** Title of what went wrong, if anything did. */
	error?: string;
	/** What a node put out at its first output, or nothing when it did not run. */
	itemsOf(nodeName: string): INodeExecutionData[];
}

export interface PublicationFailure {
	nodeId: string;
	message: string;
}

export interface InstalledPackage {
	packageName: string;
	installedVersion: string;
	/** The version that n8n offers to update to, if there is a newer one. */
	updateAvailable?: string;
}

export interface DataTable {
	id: string;
	name: string;
}

export type DataTableColumn = { name: string; type: 'string' | 'number' | 'boolean' | 'date' };

/** Publishing was accepted and then failed, as n8n tells the user on the canvas. */
export class PublicationFailed extends Error {}

const finishedStatuses = ['success', 'error', 'crashed', 'canceled'];

/** n8n's own REST interface as its editor uses it, for one signed-in person. */
export class N8nClient {
	private readonly session: Session;

	private constructor(private readonly url: string) {
		this.session = new Session(url);
	}

	/** Waits until this n8n takes requests, and signs in as its owner. */
	static async signIn(url: string): Promise<N8nClient> {
		const client = new N8nClient(url);
		await client.signIn();
		return client;
	}

	/** Creates the owner if there is none. Also for an n8n that was started again. */
	async signIn(): Promise<void> {
		// Early releases say that they are ready a moment before this interface is.
		const { userManagement } = await waitFor('REST interface of n8n', () =>
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

	/** What Settings → Community Nodes lists. */
	async installedPackages(): Promise<InstalledPackage[]> {
		return await this.session.get('/rest/community-packages');
	}

	/** As Settings → Community Nodes → Install does. */
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

	/** What the editor shows after a press on Test. */
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
	 * Publishes the newest version of a workflow and waits until its triggers listen.
	 * Throws `PublicationFailed` with what the trigger had to say.
	 */
	async publish(id: string): Promise<void> {
		const { versionId } = await this.workflow(id);
		try {
			await this.session.post(`/rest/workflows/${id}/activate`, { versionId });
		} catch (error) {
			// Releases before 2.41 activate at once and report what the trigger had to say in the answer.
			if (error instanceof N8nRefused && error.status === 400) {
				throw new PublicationFailed([error.message, error.description].filter(Boolean).join(' '));
			}
			throw error;
		}

		await this.published(id);
	}

	/** Waits until the triggers of a workflow listen that somebody has just published. Throws as `publish` does. */
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
			// Releases that activate at once have nothing to wait for.
			if (error instanceof N8nRefused && error.status === 404) {
				return { status: 'published', triggers: [] } as Publication;
			}
			throw error;
		}
	}

	/** Runs a workflow from one of its triggers as a press on Execute Workflow does, and waits for its end. */
	async run(id: string, triggerName: string): Promise<Execution> {
		const { executionId } = await this.runManually(id, triggerName);
		return await this.finished(executionId);
	}

	/** Opens the test URL of a webhook trigger, as a press on Listen for Test Event does. */
	async listenForTestEvent(id: string, triggerName: string): Promise<void> {
		const { waitingForWebhook } = await this.runManually(id, triggerName);
		if (!waitingForWebhook) throw new Error('n8n did not open the test URL');
	}

	private async runManually(id: string, triggerName: string) {
		const workflowData = await this.workflow(id);
		return await this.session.post<{ executionId: string; waitingForWebhook?: boolean }>(
			`/rest/workflows/${id}/run`,
			{ workflowData, triggerToStartFrom: { name: triggerName } },
		);
	}

	/** Newest first, unfinished ones included. */
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

	/** Waits for the end of an execution. */
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

	/** Waits until a workflow has at least `count` executions, all finished, and returns them, oldest first. */
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

	/** Deletes an execution with all that belongs to it. */
	async deleteExecution(id: string): Promise<void> {
		await this.session.post('/rest/executions/delete', { ids: [id] });
	}

	/**
	 * A file of an execution, as the editor downloads it.
	 *
	 * @throws N8nRefused when it is not there
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

	/** Where the editor shows a table. */
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
