import type { INodeProperties } from 'n8n-workflow';
import { shownFor, type Show } from '../fields/show';
import type { Operation } from '../n8n';

/** The field 'Operation' of a resource: alphabetical, as n8n requires. */
function operationField(
	operations: readonly Operation[],
	preselected: string,
	show: Show,
): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show },
		options: operations
			.map(({ option, forModel }) => ({
				...option,
				...(forModel === undefined && { displayOptions: { hide: { '@tool': [true] } } }),
			}))
			.sort((a, b) => a.name.localeCompare(b.name)),
		default: preselected,
	};
}

/**
 * What a resource can do: 'Operation', and what a model reads about each. Without a field for the latter, n8n would add
 * one that contains only the name of the operation.
 *
 * @param forTool the operation preselected in a tool, if different
 */
export function operationFields(
	resource: string,
	operations: readonly Operation[],
	preselected: string,
	forTool = preselected,
): INodeProperties[] {
	const show = { resource: [resource] };
	const descriptions = operations.flatMap(({ option, forModel }): INodeProperties[] =>
		forModel === undefined
			? []
			: [toolDescription(forModel, { ...show, operation: [option.value] })],
	);
	// n8n takes the actions from the first of these.
	const fields =
		forTool === preselected
			? [operationField(operations, preselected, show)]
			: [
					operationField(operations, preselected, { ...show, '@tool': [false] }),
					operationField(operations, forTool, { ...show, '@tool': [true] }),
				];
	return [...fields, ...descriptions];
}

function toolDescription(text: string, show: Show): INodeProperties {
	return {
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		default: text,
		required: true,
		typeOptions: { rows: 4 },
		description:
			'What the model reads: what this tool does, and what to put into the fields that it fills',
		displayOptions: { show: { ...show, '@tool': [true] } },
	};
}

/** The fields of a resource: 'Operation', and those of each operation. */
export function resourceFields(
	resource: string,
	operations: readonly Operation[],
	preselected: string,
): INodeProperties[] {
	return [
		...operationFields(resource, operations, preselected),
		...operations.flatMap(({ option, fields }) =>
			shownFor({ resource: [resource], operation: [option.value] }, fields),
		),
	];
}
