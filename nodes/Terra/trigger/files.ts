import type { IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { RideFile } from '../output';

/** The binary field with the file. */
const FILE_FIELD = 'data';

/** A file inside its item, on the way from `webhook()` to `execute()`. */
export function enclosed({ name, mimeType, content }: RideFile): IBinaryKeyData {
	const data = Buffer.from(content).toString('base64');
	return { [FILE_FIELD]: { data, fileName: name, mimeType } };
}

/**
 * Hands the files over to n8n, where it knows the execution that they belong to. A file that `webhook()` hands over
 * belongs to none: with binary data in the database it cannot be downloaded, and is never deleted.
 *
 * It never throws: without its file a ride is still a ride.
 */
export async function withStoredFiles(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const stored: INodeExecutionData[] = [];
	for (const item of items) stored.push(await withStoredFile(context, item));
	return stored;
}

async function withStoredFile(
	context: IExecuteFunctions,
	item: INodeExecutionData,
): Promise<INodeExecutionData> {
	const file = item.binary?.[FILE_FIELD];
	if (!file || file.id !== undefined) return item;
	const { data, fileName, mimeType } = file;
	try {
		const stored = await context.helpers.prepareBinaryData(
			Buffer.from(data, 'base64'),
			fileName,
			mimeType,
		);
		return { ...item, binary: { [FILE_FIELD]: stored } };
	} catch (error) {
		context.logger.warn('Terra Trigger could not store the file of a ride', { error });
		const { file_name, ...json } = item.json;
		void file_name;
		return { json: { ...json, file_problem: "n8n could not store the file: see n8n's log" } };
	}
}
