import type { Output, Services } from '../../n8n';
import {
	bytesOf,
	essentialView,
	fileProblem,
	present,
	rideFile,
	type FileFormat,
	type FileOptions,
	type RideFile,
} from '../../output';
import { rideOf, type Ride } from '../../ride/ride';
import type { JsonObject } from '../../terra/json';
import { UserError } from '../../terra/userError';

/** Which file to make of an activity, and where to put it. */
export interface FileRequest extends FileOptions {
	format: FileFormat;
	/** The binary field to put the file in. */
	field: string;
	ifImpossible: 'fail' | 'row';
}

/**
 * An activity as an item: its row and the file. If no file can be made and the node should not go on, the error, for the
 * caller to throw if it wants this item.
 */
export async function fileItem(
	activity: JsonObject,
	user: JsonObject,
	request: FileRequest,
	{ makeFile, continueOnFail, timezone }: Services,
): Promise<Output | UserError> {
	const { field, ifImpossible } = request;
	const row = present('activity', activity, user, essentialView(timezone));
	const file = fileOf(rideOf(activity, user, timezone), request);
	if (!(file instanceof Error)) {
		const { name, mimeType, content } = file;
		const binary = { [field]: await makeFile(await bytesOf(content), name, mimeType) };
		return { json: { ...row, file_name: name }, binary };
	}
	if (!(file instanceof UserError)) throw file;
	const problem = fileProblem(file);
	if (ifImpossible === 'row') return { json: { ...row, file_problem: problem } };

	const error = new UserError(problem, whichActivity(row));
	return continueOnFail ? { json: { ...row, error: problem }, error } : error;
}

function fileOf(ride: Ride, request: FileRequest): RideFile | Error {
	try {
		return rideFile(request.format, ride, request);
	} catch (error) {
		return error as Error;
	}
}

function whichActivity({ name, local_date }: JsonObject): string {
	const which = [name && `"${String(name)}"`, local_date && `of ${String(local_date)}`];
	const text = which.filter(Boolean).join(' ') || 'without a name';
	return `The activity is ${text}. To go on with the others, set 'If No File Can Be Made' under Options.`;
}
