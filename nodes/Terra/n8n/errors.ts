import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';
import { TerraError } from '../transport';
import { UserError } from '../terra/userError';

/** What n8n shows for an error, with the node and the item it concerns. */
export function nodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (error instanceof TerraError) {
		const { message, next: description, httpCode } = error;
		return new NodeApiError(node, { message, description } as JsonObject, {
			message,
			description,
			httpCode,
			itemIndex,
		});
	}
	if (error instanceof UserError) {
		return new NodeOperationError(node, error.message, {
			description: error.next,
			itemIndex,
		});
	}
	// n8n's own errors are returned unchanged.
	return new NodeApiError(node, error as JsonObject, { itemIndex });
}
