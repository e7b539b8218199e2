import type { INodeProperties } from 'n8n-workflow';
import { shownFor } from '../../fields/show';
import type { Operation } from '../../n8n';
import { DATA_TYPES, type DataType } from '../../terra/events';
import { exportFiles } from '../activity/export';
import { getSummary } from '../activity/getSummary';
import { operationFields } from '../resource';
import { getAll } from './getAll';
import { requestBackfill } from './requestBackfill';

/** Only activities can be exported and summed up. */
const ONLY_OF_ACTIVITIES: Operation[] = [exportFiles, getSummary];

/** The operations of each data type with a history. */
export const operations = Object.fromEntries(
	DATA_TYPES.map((type) => [type, operationsOf(type)]),
) as Record<DataType, Operation[]>;

function operationsOf(type: DataType): Operation[] {
	const common = [getAll(type), requestBackfill(type)];
	return type === 'activity' ? [...ONLY_OF_ACTIVITIES, ...common] : common;
}

/** The fields are the same for every type, so each is described once. */
export const fields: INodeProperties[] = [
	...DATA_TYPES.flatMap((type) =>
		// A few totals suit a model better than a row for each ride.
		operationFields(
			type,
			operations[type],
			'getAll',
			type === 'activity' ? 'getSummary' : 'getAll',
		),
	),
	...operations.activity.flatMap((operation) =>
		shownFor(
			{
				resource: ONLY_OF_ACTIVITIES.includes(operation) ? ['activity'] : [...DATA_TYPES],
				operation: [operation.option.value],
			},
			operation.fields,
		),
	),
];
