import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { shownFor } from '../fields/show';
import type { Operation } from '../n8n';

/** The field 'Operation' of a resource. */
export function operationField(
	resource: string,
	options: INodePropertyOptions[],
	preselected: string,
): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options,
		default: preselected,
	};
}

/** The fields of a resource: 'Operation', and those of each operation. */
export function resourceFields(
	resource: string,
	operations: Readonly<Record<string, Operation>>,
	preselected: string,
): INodeProperties[] {
	const all = Object.entries(operations);
	return [
		operationField(
			resource,
			all.map(([, { option }]) => option),
			preselected,
		),
		...all.flatMap(([name, { fields }]) =>
			shownFor({ resource: [resource], operation: [name] }, fields),
		),
	];
}
