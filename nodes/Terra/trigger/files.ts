import type { IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { bytesOf, type RideFile } from '../output';

/** The binary field with the file. */
const FILE_FIELD = 'data';

/** A picture that is not drawn yet. */
const SCENE_TYPE = 'application/vnd.terra.scene+json';

/**
 * A file inside its item, between `webhook()` and `execute()`. A picture travels as its scene, so that Terra does not wait
 * until it is drawn, which a worker does in queue mode.
 */
export function enclosed({ name, mimeType, content }: RideFile): IBinaryKeyData {
	const isDrawn = typeof content === 'string' || Buffer.isBuffer(content);
	const data = Buffer.from(isDrawn ? content : JSON.stringify(content)).toString('base64');
	return { [FILE_FIELD]: { data, fileName: name, mimeType: isDrawn ? mimeType : SCENE_TYPE } };
}

/** The content of an enclosed file, and its type. */
async function opened(data: string, mimeType: string): Promise<[Buffer, string]> {
	const content = Buffer.from(data, 'base64');
	if (mimeType !== SCENE_TYPE) return [content, mimeType];
	return [await bytesOf(JSON.parse(content.toString()) as RideFile['content']), 'image/png'];
}

/**
 * Stores the files in n8n, now that it knows which execution they belong to. A file stored by `webhook()` belongs to none:
 * with binary data in the database it could not be downloaded, and would never be deleted.
 *
 * Never throws: a ride must not be lost because of its file.
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
		const [content, type] = await opened(data, mimeType);
		const stored = await context.helpers.prepareBinaryData(content, fileName, type);
		return { ...item, binary: { [FILE_FIELD]: stored } };
	} catch (error) {
		context.logger.warn('Terra Trigger could not store the file of a ride', { error });
		const { file_name, ...json } = item.json;
		void file_name;
		return { json: { ...json, file_problem: "n8n could not store the file: see n8n's log" } };
	}
}
