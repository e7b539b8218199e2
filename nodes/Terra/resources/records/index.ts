import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { DATA_TYPES, type DataType } from '../../terra/dataTypes';
import * as activity from '../activity';
import * as getAll from './getAll';
import * as requestBackfill from './requestBackfill';
import * as resetSeen from './resetSeen';

/** The same for every data type. */
export const operations = {
	getAll: getAll.execute,
	requestBackfill: requestBackfill.execute,
	resetSeen: resetSeen.execute,
};

const RECORDS: Record<DataType, { many: string; what: string }> = {
	activity: { many: 'activities', what: 'rides and other workouts' },
	body: { many: 'body records', what: 'records of the body, such as weight' },
	daily: { many: 'daily summaries', what: 'daily summaries' },
	menstruation: { many: 'menstruation records', what: 'menstruation records' },
	nutrition: { many: 'nutrition records', what: 'nutrition records' },
	sleep: { many: 'sleeps', what: 'sleeps' },
};

export const fields: INodeProperties[] = [
	...DATA_TYPES.map(operationField),
	...getAll.fields,
	...requestBackfill.fields,
	...resetSeen.fields,
];

function operationField(type: DataType): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [type] } },
		options: type === 'activity' ? [...activity.operationOptions, ...options(type)] : options(type),
		default: 'getAll',
	};
}

function options(type: DataType): INodePropertyOptions[] {
	const { many, what } = RECORDS[type];
	return [
		{
			name: 'Get Many',
			value: 'getAll',
			description: `Get many ${what} of one athlete or all, from any range of dates`,
			action: `Get many ${many}`,
		},
		{
			name: 'Request Backfill',
			value: 'requestBackfill',
			description: `Let Terra send ${what} of a range of dates to the Terra Trigger`,
			action: `Request backfill of ${many}`,
		},
		{
			name: 'Reset Seen Items',
			value: 'resetSeen',
			description: "Forget what the option 'Only Items Not Seen Before' remembers",
			action: `Reset seen ${many}`,
		},
	];
}
