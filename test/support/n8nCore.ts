import express, { type Request, type Response } from 'express';
import {
	DataDeduplicationService,
	ExecuteContext,
	HookContext,
	TriggerContext,
	WebhookContext,
} from 'n8n-core';
import { deduplicator, notedKeys } from './deduplication';
import {
	createEmptyRunExecutionData,
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialsHelper,
	type ICredentialType,
	type IConnections,
	type IDataObject,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type IDeferredPromise,
	type IRun,
	type IRunExecutionData,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IWebhookData,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import type { AddressInfo } from 'node:net';
import { TerraAdminApi } from '../../credentials/TerraAdminApi.credentials';
import { TerraApi } from '../../credentials/TerraApi.credentials';
import { Terra } from '../../nodes/Terra/Terra.node';
import { TerraPollingTrigger } from '../../nodes/Terra/TerraPollingTrigger.node';
import { TerraTrigger } from '../../nodes/Terra/TerraTrigger.node';
import type { CredentialFields } from '../../playground/credential';

/**
 * Runs the nodes inside n8n-core's own contexts, with real HTTP on both sides. Only n8n's server and database are
 * missing.
 */

const NODES: Record<string, INodeType> = {
	terra: new Terra(),
	terraTrigger: new TerraTrigger(),
	terraPollingTrigger: new TerraPollingTrigger(),
	collect: {
		description: {
			displayName: 'Collect',
			name: 'collect',
			group: [],
			version: 1,
			description: 'Passes its input on',
			defaults: {},
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			return [this.getInputData()];
		},
	},
};

// A worker shares n8n-core between its test files, so an earlier one may have set it.
Reflect.deleteProperty(DataDeduplicationService, 'instance');
void DataDeduplicationService.init(deduplicator);

const nodeTypes = {
	getByName: (name: string) => NODES[name]!,
	getByNameAndVersion: (name: string) => NODES[name]!,
	getKnownTypes: () => ({}),
} as INodeTypes;

export interface NodeSetup {
	type: 'terra' | 'terraTrigger' | 'terraPollingTrigger';
	parameters?: INodeParameters;
	credential?: CredentialFields;
	/** The Terra Admin API credential. What n8n fetches into it is stored in this object. */
	adminCredential?: IDataObject;
	settings?: Partial<Pick<INode, 'id' | 'onError' | 'continueOnFail' | 'name' | 'typeVersion'>>;
	/** n8n's ID of the Terra API credential. */
	credentialId?: string;
}

export interface WorkflowSetup {
	timezone?: string;
	staticData?: IDataObject;
}

/** A new ID for each, since the nodes remember when they last asked Terra for a secret. */
let adminCredentials = 1;

/** A workflow with one Terra node, followed by one that collects its output. */
export function workflowOf(setup: NodeSetup, { timezone = 'UTC', staticData }: WorkflowSetup = {}) {
	const { description } = NODES[setup.type]!;
	const node: INode = {
		id: 'node-1',
		name: description.displayName,
		type: setup.type,
		typeVersion: [description.version].flat().at(-1)!,
		position: [0, 0],
		credentials: {
			terraApi: { id: setup.credentialId ?? 'credential-1', name: 'Terra' },
			...(setup.adminCredential && {
				terraAdminApi: { id: `credential-${++adminCredentials}`, name: 'Terra Admin' },
			}),
		},
		webhookId: 'webhook-1',
		parameters: {},
		...setup.settings,
	};
	node.parameters =
		NodeHelpers.getNodeParameters(
			description.properties,
			setup.parameters ?? {},
			true,
			false,
			node,
			description,
		) ?? {};

	const connections: IConnections = {
		[node.name]: { main: [[{ node: 'Collect', type: 'main', index: 0 }]] },
	};
	const collect: INode = {
		id: 'node-2',
		name: 'Collect',
		type: 'collect',
		typeVersion: 1,
		position: [200, 0],
		parameters: {},
	};
	const workflow = new Workflow({
		id: 'workflow-1',
		name: 'Test',
		nodes: [node, collect],
		connections,
		active: true,
		nodeTypes,
		staticData,
		settings: { timezone },
	});
	const { credential, adminCredential } = setup;
	return { workflow, node, nodeType: NODES[setup.type]!, credential, adminCredential };
}

export type TestWorkflow = ReturnType<typeof workflowOf>;

/** The same workflow in a new process, with only what n8n stores. */
export function restarted(built: TestWorkflow, staticData?: IDataObject): TestWorkflow {
	const { workflow, node, credential, adminCredential } = built;
	const again = workflowOf(
		{
			type: node.type as NodeSetup['type'],
			parameters: node.parameters,
			credential,
			settings: { id: `${node.id}+`, name: node.name },
		},
		{
			timezone: workflow.timezone,
			staticData: staticData ?? (JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject),
		},
	);
	notedKeys(again.workflow, again.node.id).push(...notedKeys(workflow, node.id));
	return { ...again, adminCredential };
}

/** What n8n's server passes to every context. Credentials are applied by the rules that their classes declare. */
export function additionalDataFor(
	credential?: CredentialFields,
	adminCredential?: IDataObject,
): IWorkflowExecuteAdditionalData {
	const classes: Record<string, ICredentialType> = {
		terraApi: new TerraApi(),
		terraAdminApi: new TerraAdminApi(),
	};
	const stored: Record<string, IDataObject | undefined> = {
		terraApi: credential,
		terraAdminApi: adminCredential,
	};

	return {
		credentialsHelper: {
			getParentTypes: () => [],
			getCredentialsProperties: (type: string) => classes[type]!.properties,
			getDecrypted: async (_data: unknown, _details: unknown, type: string) => {
				if (!stored[type]) throw new Error('The credential cannot be decrypted');
				const { properties } = classes[type]!;
				const defaults = Object.fromEntries(properties.map((field) => [field.name, field.default]));
				return { ...defaults, ...stored[type] } as ICredentialDataDecryptedObject;
			},
			/** n8n calls it while the field is empty, or after a 401. */
			async preAuthentication(
				helpers: IHttpRequestHelper,
				decrypted: ICredentialDataDecryptedObject,
				type: string,
				_node: INode,
				expired: boolean,
			) {
				const { properties, preAuthentication } = classes[type]!;
				const field = properties.find(({ typeOptions }) => typeOptions?.expirable)?.name;
				if (!preAuthentication || !field || (decrypted[field] !== '' && !expired)) return undefined;
				const output = await preAuthentication.call(helpers, decrypted);
				if (output[field] === undefined) return undefined;
				Object.assign(stored[type]!, output);
				return Object.assign(decrypted, output);
			},
			async authenticate(
				decrypted: ICredentialDataDecryptedObject,
				type: string,
				options: IHttpRequestOptions,
			) {
				const { authenticate } = classes[type]!;
				if (typeof authenticate === 'function') return await authenticate(decrypted, options);
				const headers = authenticate!.properties.headers as Record<string, string>;
				const filled = Object.entries(headers).map(([header, expression]) => [
					header,
					decrypted[/\$credentials\.(\w+)/.exec(expression)![1]!],
				]);
				return { ...options, headers: { ...options.headers, ...Object.fromEntries(filled) } };
			},
			isCredentialUsableByNode: () => true,
		} as unknown as ICredentialsHelper,
		webhookBaseUrl: 'http://n8n.test/webhook',
		webhookTestBaseUrl: 'http://n8n.test/webhook-test',
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: '',
		instanceBaseUrl: 'http://n8n.test/',
		formWaitingBaseUrl: '',
		webhookWaitingBaseUrl: '',
		executionId: 'execution-1',
	} as unknown as IWorkflowExecuteAdditionalData;
}

export interface RunOptions extends WorkflowSetup {
	/** Collects n8n's data about the run. */
	runData?: IRunExecutionData;
	input?: INodeExecutionData[];
	mode?: WorkflowExecuteMode;
	abortSignal?: AbortSignal;
	/** n8n's base URL for webhooks. */
	webhookBaseUrl?: string;
}

/** Runs the action node in an ExecuteContext and returns its output; it throws what n8n would show. */
export async function runTerra(
	setup: Omit<NodeSetup, 'type'>,
	{ input = [{ json: {} }], mode = 'manual', abortSignal, ...workflowSetup }: RunOptions = {},
): Promise<INodeExecutionData[]> {
	const built = workflowOf({ ...setup, type: 'terra' }, workflowSetup);
	return await executeTerra(built, { input, mode, abortSignal });
}

let executionsBegun = 0;

/** Like `runTerra`, for a workflow that is run more than once, with its static data. */
export async function executeTerra(
	built: TestWorkflow,
	{
		input = [{ json: {} }],
		mode = 'manual',
		abortSignal,
		webhookBaseUrl,
		runData = createEmptyRunExecutionData(),
	}: RunOptions = {},
): Promise<INodeExecutionData[]> {
	const { workflow, node, nodeType } = built;
	const context = new ExecuteContext(
		workflow,
		node,
		{
			...additionalDataFor(built.credential, built.adminCredential),
			executionId: `execution-${++executionsBegun}`,
			...(webhookBaseUrl && { webhookBaseUrl }),
		},
		mode,
		runData,
		0,
		input,
		{ main: [input] },
		{ node, data: { main: [input] }, source: null },
		[],
		abortSignal,
	);
	const [items] = (await nodeType.execute!.call(context)) as INodeExecutionData[][];
	return items!;
}

/** Calls one of the hooks that n8n calls when a workflow is published or unpublished. */
export async function callHook(
	built: TestWorkflow,
	hook: 'checkExists' | 'create' | 'delete',
	mode: 'activate' | 'manual' | 'update' | 'init' = 'activate',
	webhookBaseUrl = 'http://n8n.test/webhook',
): Promise<boolean> {
	const { workflow, node, nodeType } = built;
	const context = new HookContext(
		workflow,
		node,
		{ ...additionalDataFor(built.credential, built.adminCredential), webhookBaseUrl },
		mode === 'manual' ? 'manual' : 'trigger',
		mode,
		{ ...webhookData(built), isTest: mode === 'manual' },
	);
	return await nodeType.webhookMethods!.default![hook].call(context);
}

/** Calls the trigger as n8n does at a start, when it calls no hook. */
export async function callTrigger(
	built: TestWorkflow,
	activation: 'activate' | 'init' | 'leadershipChange' | 'update' = 'init',
	webhookBaseUrl = 'http://n8n.test/webhook',
) {
	const { workflow, node, nodeType } = built;
	const context = new TriggerContext(
		workflow,
		node,
		{ ...additionalDataFor(built.credential, built.adminCredential), webhookBaseUrl },
		'trigger',
		activation,
	);
	const warnings: string[] = [];
	context.logger.warn = (message: string) => void warnings.push(message);
	const { closeFunction } = (await nodeType.trigger!.call(context))!;
	// Closed at once, before it starts catching up.
	await closeFunction!();
	return warnings;
}

/** A trigger that n8n has activated. */
export interface ActiveTrigger {
	/** The items of each execution that had any. */
	executions: INodeExecutionData[][];
	/** Executions without items. */
	questions: number;
	warnings: string[];
	infos: string[];
	/** n8n calls it when the workflow is unpublished or n8n stops. */
	close(): Promise<void>;
}

/** How n8n handles the executions that a trigger starts by itself. */
export interface EmissionOptions {
	activation?: 'activate' | 'init';
	/** Called before an execution starts; an error means that n8n could not store it. */
	beforeStart?: (items: INodeExecutionData[]) => Promise<void> | void;
	/** Whether n8n reports a failure; 2.8 does not. */
	tellsFailures?: boolean;
	/** In queue mode from n8n 2.41 on, only the custom data of an execution is returned. */
	isQueueMode?: boolean;
}

/** Activates a trigger, and runs the executions that it starts. */
export async function activate(
	built: TestWorkflow,
	{
		activation = 'init',
		beforeStart,
		tellsFailures = true,
		isQueueMode = false,
	}: EmissionOptions = {},
): Promise<ActiveTrigger> {
	const { workflow, node, nodeType } = built;
	const active = {
		executions: [] as INodeExecutionData[][],
		questions: 0,
		warnings: [] as string[],
		infos: [] as string[],
	};
	const run = async ([items]: INodeExecutionData[][]): Promise<IRun> => {
		await beforeStart?.(items!);
		const runData = createEmptyRunExecutionData();
		// n8n stores data as JSON.
		const input = JSON.parse(JSON.stringify(items)) as INodeExecutionData[];
		const output = await executeTerra(built, { input, mode: 'trigger', runData });
		if (output.length > 0) active.executions.push(output);
		else active.questions++;
		const { metadata } = runData.resultData;
		const resultData = isQueueMode
			? { runData: {}, metadata, lastNodeExecuted: node.name }
			: { ...runData.resultData, runData: { [node.name]: [] } };
		return { finished: true, data: { ...runData, resultData } } as unknown as IRun;
	};
	const emit = (
		data: INodeExecutionData[][],
		_response?: unknown,
		done?: IDeferredPromise<IRun>,
	): void => {
		run(data).then(
			(ended) => done?.resolve(ended),
			(error: Error) => (tellsFailures ? done?.reject(error) : undefined),
		);
	};
	const context = new TriggerContext(
		workflow,
		node,
		additionalDataFor(built.credential, built.adminCredential),
		'trigger',
		activation,
		emit,
	);
	context.logger.warn = (message: string) => void active.warnings.push(message);
	context.logger.info = (message: string) => void active.infos.push(message);
	const response = (await nodeType.trigger!.call(context))!;
	return Object.assign(active, { close: async () => await response.closeFunction?.() });
}

function webhookData({ nodeType, node }: TestWorkflow): IWebhookData {
	return {
		httpMethod: 'POST',
		node: node.name,
		path: 'webhook-1/webhook',
		webhookDescription: nodeType.description.webhooks![0]!,
		workflowId: 'workflow-1',
		workflowExecuteAdditionalData: {} as IWorkflowExecuteAdditionalData,
	};
}

export interface TriggerServer {
	built: TestWorkflow;
	/** The production URL of the trigger. */
	url: string;
	/** The items of each execution that started. */
	executions: INodeExecutionData[][];
	/** Errors that `webhook()` threw, which must not happen. */
	thrown: unknown[];
	/** The requests that `webhook()` was called with. */
	requests: Request[];
	/** The errors that n8n shows for executions that failed at the trigger. */
	failures: unknown[];
	close(): Promise<void>;
}

export interface TriggerServerOptions extends WorkflowSetup {
	/** Called before an execution is stored; an error means that n8n could not store it. */
	beforeStart?: () => Promise<void> | void;
	/** n8n's limit for a request body. */
	maxBodyMegabytes?: number;
	/** `manual` while the editor listens for a test event. */
	mode?: 'manual' | 'webhook';
	/** Whether n8n loses the next execution after storing it. */
	losesExecution?: () => boolean;
}

/**
 * Serves the trigger's webhook as n8n does: keeps the raw body, parses by content type, runs `webhook()` in a
 * WebhookContext, starts an execution for what it returns, and answers.
 */
export async function serveTrigger(
	setup: Omit<NodeSetup, 'type'>,
	options: TriggerServerOptions = {},
): Promise<TriggerServer> {
	const built = workflowOf({ ...setup, type: 'terraTrigger' }, options);
	const executions: INodeExecutionData[][] = [];
	const thrown: unknown[] = [];
	const requests: Request[] = [];
	const failures: unknown[] = [];
	const { mode = 'webhook' } = options;

	// Express, as in n8n, since the trigger answers through its response object.
	const app = express();
	const raw = express.raw({ type: () => true, limit: `${options.maxBodyMegabytes ?? 16}mb` });
	app.post('/webhook', raw, async (request, response) => {
		if (!imitateBodyParser(request)) {
			response.status(422).json({ message: 'Failed to parse request body' });
			return;
		}
		await answer(request, response);
	});

	async function answer(request: Request, response: Response) {
		const context = new WebhookContext(
			built.workflow,
			built.node,
			{
				...additionalDataFor(built.credential, built.adminCredential),
				httpRequest: request,
				httpResponse: response,
			},
			mode,
			webhookData(built),
			[],
			null,
		);
		try {
			requests.push(request);
			const result = await built.nodeType.webhook!.call(context);
			if (result.workflowData) {
				await options.beforeStart?.();
				// n8n stores data as JSON before it passes it to `execute()`.
				const input = JSON.parse(JSON.stringify(result.workflowData[0]!)) as INodeExecutionData[];
				if (!options.losesExecution?.()) {
					await executeTerra(built, { input, mode }).then(
						(items) => executions.push(items),
						(error: unknown) => failures.push(error),
					);
				}
			}
			if (result.noWebhookResponse) return;
			const body = result.webhookResponse ?? { message: 'Webhook call received' };
			if (typeof body === 'string') response.status(200).send(body);
			else response.status(200).json(body);
		} catch (error) {
			thrown.push(error);
			response.status(500).json({ message: 'Workflow could not be started!' });
		}
	}

	const server = app.listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	return {
		built,
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
		executions,
		thrown,
		requests,
		failures,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Works like n8n's body parser at typeVersion 1.1: the raw body is kept only for content types that it knows. */
function imitateBodyParser(request: Request): boolean {
	const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
	const n8nRequest = request as unknown as {
		body: unknown;
		rawBody?: Buffer;
		readRawBody: () => Promise<void>;
	};
	n8nRequest.readRawBody = async () => {
		n8nRequest.rawBody ??= bytes;
	};
	n8nRequest.body = undefined;

	const contentType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
	if (contentType === 'application/json') {
		n8nRequest.rawBody = bytes;
		if (bytes.length === 0) return true;
		try {
			n8nRequest.body = JSON.parse(bytes.toString('utf8'));
		} catch {
			return false;
		}
	}
	if (contentType === 'text/plain') {
		n8nRequest.rawBody = bytes;
		n8nRequest.body = bytes.toString('utf8');
	}
	return true;
}
