import { ExecuteContext } from 'n8n-core';
import {
	createRunExecutionData,
	deepCopy,
	NodeConnectionTypes,
	Workflow,
	type INode,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
} from 'n8n-workflow';
import { Terra } from '../../nodes/Terra/Terra.node';
import { additionalDataFor } from './n8nCore';
import type { CredentialFields } from '../../playground/credential';

/** What n8n passes to an agent. */
export interface Tool {
	name: string;
	description: string;
	/** A Zod schema; `shape` has its fields by name. */
	schema: { shape: Record<string, { description?: string }> };
	/** @returns JSON */
	invoke(input: Record<string, unknown>): Promise<string>;
}

/** Makes a tool from a node with `usableAsTool`, as n8n's server does. */
function asTool(node: INodeType): INodeType {
	const description = deepCopy(node.description);
	description.name += 'Tool';
	description.inputs = [];
	description.outputs = [NodeConnectionTypes.AiTool];
	return Object.assign(Object.create(Object.getPrototypeOf(node) as object), node, { description });
}

const AGENT: INodeType = {
	description: {
		displayName: 'Agent',
		name: 'agent',
		group: [],
		version: 1,
		description: 'Has a tool',
		defaults: {},
		inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
};

/** The Terra node as a tool, made by n8n-core as for n8n's own AI Agent. */
export async function terraTool(
	credential: CredentialFields,
	parameters: INodeParameters,
): Promise<Tool> {
	const types: Record<string, INodeType> = { agent: AGENT, terraTool: asTool(new Terra()) };
	const node = (name: string, type: string, more: Partial<INode> = {}): INode => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...more,
	});
	const agent = node('Agent', 'agent');
	const tool = node('Terra', 'terraTool', {
		parameters,
		credentials: { terraApi: { id: 'credential-1', name: 'Terra' } },
	});
	const workflow = new Workflow({
		id: 'workflow-1',
		nodes: [agent, tool],
		connections: {
			Terra: { ai_tool: [[{ node: 'Agent', type: NodeConnectionTypes.AiTool, index: 0 }]] },
		},
		active: false,
		nodeTypes: {
			getByName: (name: string) => types[name]!,
			getByNameAndVersion: (name: string) => types[name]!,
			getKnownTypes: () => ({}),
		} as INodeTypes,
		settings: { timezone: 'UTC' },
	});
	const input = [{ json: {} }];
	const context = new ExecuteContext(
		workflow,
		agent,
		additionalDataFor(credential),
		'manual',
		createRunExecutionData(),
		0,
		input,
		{ main: [input] },
		{ node: agent, data: { main: [input] }, source: null },
		[],
	);
	const [made] = (await context.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
	return made!;
}
