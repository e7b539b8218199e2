import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import { perItem } from '../../n8n/perItem';
import { usersByReference } from '../../transport/users';

export const fields: INodeProperties[] = [
	{
		displayName: 'Reference ID',
		name: 'referenceId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. rider-0042',
		description: 'Your own ID of the person, which you gave when connecting them',
		displayOptions: { show: { resource: ['user'], operation: ['getByReference'] } },
	},
];

/** Gets every connection of one person, an item for each. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await perItem.call(this, async (itemIndex, patience) => {
		const referenceId = String(this.getNodeParameter('referenceId', itemIndex) ?? '').trim();
		if (referenceId === '') {
			throw new NodeOperationError(this.getNode(), "'Reference ID' is empty", {
				itemIndex,
				description: 'If the field is an expression, the item before has no such value.',
			});
		}
		return await usersByReference.call(this, referenceId, { itemIndex, patience });
	});
}
