import type { INodeProperties } from 'n8n-workflow';
import { shownFor } from '../../fields/show';
import type { Operation } from '../../n8n';
import { DATA_TYPES, type DataType } from '../../terra/events';
import { exportFiles } from '../activity/export';
import { operationField } from '../resource';
import { getAll } from './getAll';
import { requestBackfill } from './requestBackfill';

/** The operations of each data type with a history. Only activities can be exported. */
export const operations = Object.fromEntries(
	DATA_TYPES.map((type) => [type, operationsOf(type)]),
) as Record<DataType, Record<string, Operation>>;

function operationsOf(type: DataType): Record<string, Operation> {
	return {
		...(type === 'activity' && { export: exportFiles }),
		getAll: getAll(type),
		requestBackfill: requestBackfill(type),
	};
}

/** The fields are the same for every type, so each is described once. */
export const fields: INodeProperties[] = [
	...DATA_TYPES.map((type) =>
		operationField(
			type,
			Object.values(operations[type]).map(({ option }) => option),
			'getAll',
		),
	),
	...Object.entries(operations.activity).flatMap(([name, { fields: own }]) =>
		shownFor(
			{ resource: name === 'export' ? ['activity'] : [...DATA_TYPES], operation: [name] },
			own,
		),
	),
];
