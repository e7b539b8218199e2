import type { Output, Services } from '../../n8n';
import {
	essentialView,
	fileProblem,
	present,
	rideFile,
	type FileFormat,
	type RideFile,
	type Units,
} from '../../output';
import { rideOf, type Ride } from '../../ride/ride';
import type { JsonObject } from '../../terra/json';
import { UserError } from '../../terra/userError';

/** Which file to make of an activity, and where to put it. */
export interface FileRequest {
	format: FileFormat;
	units: Units;
	/** The binary field to put the file in. */
	field: string;
	ifImpossible: 'fail' | 'row';
}

/**
 * An activity as an item: its row, with the file beside it. Or, unless the node is to go on, the error that the file
 * is impossible, for the caller to throw if the item is wanted.
 */
export async function fileItem(
	activity: JsonObject,
	user: JsonObject,
	{ format, units, field, ifImpossible }: FileRequest,
	{ makeFile, continueOnFail, timezone }: Services,
): Promise<Output | UserError> {
	const row = present('activity', activity, user, essentialView(timezone));
	const file = fileOf(rideOf(activity, user, timezone), format, units);
	if (!(file instanceof Error)) {
		const { name, mimeType, content } = file;
		const binary = { [field]: await makeFile(content, name, mimeType) };
		return { json: { ...row, file_name: name }, binary };
	}
	if (!(file instanceof UserError)) throw file;
	const problem = fileProblem(file);
	if (ifImpossible === 'row') return { json: { ...row, file_problem: problem } };

	const error = new UserError(problem, whichActivity(row));
	return continueOnFail ? { json: { ...row, error: problem }, error } : error;
}

function fileOf(ride: Ride, format: FileFormat, units: Units): RideFile | Error {
	try {
		return rideFile(format, ride, units);
	} catch (error) {
		return error as Error;
	}
}

function whichActivity({ name, local_date }: JsonObject): string {
	const which = [name && `"${String(name)}"`, local_date && `of ${String(local_date)}`];
	const text = which.filter(Boolean).join(' ') || 'without a name';
	return `It is the activity ${text}. To go on with the others, set 'If a File Is Impossible' under Options.`;
}
