import { randomUUID } from 'node:crypto';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
): INode {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters };
}

/** Connects the nodes in a row. */
export function chain(nodes: INode[]): IConnections {
	const connections: IConnections = {};
	for (const [index, { name }] of nodes.slice(0, -1).entries()) {
		connections[name] = { main: [[to(nodes[index + 1]!)]] };
	}
	return connections;
}

export function to({ name }: INode) {
	return { node: name, type: 'main' as const, index: 0 };
}
