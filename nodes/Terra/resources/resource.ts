import type { INodeProperties } from 'n8n-workflow';
import { shownFor } from '../fields/show';
import type { Operation } from '../n8n';

/** The field 'Operation' of a resource: alphabetical, as n8n wants it. */
export function operationField(
	resource: string,
	operations: readonly Operation[],
	preselected: string,
): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(({ option }) => option).sort((a, b) => a.name.localeCompare(b.name)),
		default: preselected,
	};
}

/** The fields of a resource: 'Operation', and those of each operation. */
export function resourceFields(
	resource: string,
	operations: readonly Operation[],
	preselected: string,
): INodeProperties[] {
	return [
		operationField(resource, operations, preselected),
		...operations.flatMap(({ option, fields }) =>
			shownFor({ resource: [resource], operation: [option.value] }, fields),
		),
	];
}
