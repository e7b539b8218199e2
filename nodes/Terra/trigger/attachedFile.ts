import type { IDataObject, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { ExportImpossible } from '../files/exportImpossible';
import { isFileFormat, rideFile } from '../files/rideFile';
import type { JsonObject } from '../terra/json';
import type { Shape } from '../output';

/** Where the file is, and where the reason is if there is none. */
export const FILE_FIELD = 'data';

/**
 * The item with the activity as a file beside it. Whatever happens, the item goes out: a ride must not be lost
 * for a file, so what is in the way is told in `file_problem`.
 */
export async function withFile(
	this: IWebhookFunctions,
	json: JsonObject,
	format: unknown,
	activity: JsonObject,
	user: unknown,
	{ format: { units } }: Shape,
): Promise<INodeExecutionData> {
	if (!isFileFormat(format)) return { json: json as IDataObject };
	try {
		const chartUnits = units === 'imperial' ? units : 'metric';
		const { name, mimeType, content } = rideFile(format, activity, user, chartUnits);
		const file = await this.helpers.prepareBinaryData(Buffer.from(content), name, mimeType);
		return { json: { ...json, file_name: name }, binary: { [FILE_FIELD]: file } };
	} catch (error) {
		if (error instanceof ExportImpossible) return withoutFile(json, error.message);
		this.logger.warn('Terra Trigger could not store the file of a ride', { error });
		return withoutFile(json, "n8n could not store the file: see n8n's log");
	}
}

function withoutFile(json: JsonObject, file_problem: string): INodeExecutionData {
	return { json: { ...json, file_problem } };
}
