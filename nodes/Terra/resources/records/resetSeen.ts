import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { DATA_TYPES } from '../../terra/dataTypes';
import { forgetAllSeen } from './seen';

export const fields: INodeProperties[] = [
	{
		displayName:
			'For the option <b>Only Items Not Seen Before</b> of Get Many: run this node once with this operation, then switch back to Get Many. What it has returned so far then counts as new again.',
		name: 'resetSeenNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { resource: [...DATA_TYPES], operation: ['resetSeen'] } },
	},
];

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	await forgetAllSeen.call(this);
	return [{ json: { reset: true }, pairedItem: this.getInputData().map((_, item) => ({ item })) }];
}
