import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { ExportImpossible } from '../../files/exportImpossible';
import { isFileFormat, rideFile, type FileFormat } from '../../files/rideFile';
import type { Units } from '../../ride/units';
import { ESSENTIAL_ROW, shapeRecord } from '../../output';
import type { JsonObject } from '../../terra/json';

/** What the fields say about the files. */
export interface FileWish {
	itemIndex: number;
	format: FileFormat;
	units: Units;
	/** The binary field to put the file in. */
	field: string;
	ifImpossible: 'fail' | 'row';
}

/** @throws NodeOperationError for a format that is none, or an empty field name */
export function readFileWish(this: IExecuteFunctions, itemIndex: number): FileWish {
	const format = this.getNodeParameter('fileFormat', itemIndex);
	if (!isFileFormat(format)) {
		throw new NodeOperationError(this.getNode(), "'File Format' is not one of its choices", {
			itemIndex,
			description: 'It can be chart, csv, gpx, json or tcx.',
		});
	}
	const field = String(this.getNodeParameter('binaryPropertyName', itemIndex)).trim();
	if (field === '') {
		throw new NodeOperationError(this.getNode(), "'Put Output File in Field' is empty", {
			itemIndex,
			description: 'Enter the name of a field, such as data.',
		});
	}
	const units = this.getNodeParameter('chartUnits', itemIndex, 'metric');
	const ifImpossible = this.getNodeParameter('options.ifImpossible', itemIndex, 'fail');
	return {
		itemIndex,
		format,
		units: units === 'imperial' ? 'imperial' : 'metric',
		field,
		ifImpossible: ifImpossible === 'row' ? 'row' : 'fail',
	};
}

/**
 * An activity as an item: its row, with the file beside it. Or, unless the node is to go on, the error that the file
 * is impossible; it is for the caller to throw if the item is wanted.
 */
export async function fileItem(
	this: IExecuteFunctions,
	activity: JsonObject,
	user: JsonObject,
	{ itemIndex, format, units, field, ifImpossible }: FileWish,
): Promise<INodeExecutionData | NodeOperationError> {
	const row = shapeRecord('activity', activity, user, ESSENTIAL_ROW) as IDataObject;
	const pairedItem = { item: itemIndex };
	try {
		const { name, mimeType, content } = rideFile(format, activity, user, units);
		const file = await this.helpers.prepareBinaryData(Buffer.from(content), name, mimeType);
		return { json: { ...row, file_name: name }, binary: { [field]: file }, pairedItem };
	} catch (error) {
		if (!(error instanceof ExportImpossible)) {
			throw new NodeOperationError(this.getNode(), error as Error, { itemIndex });
		}
		const { message } = error;
		if (ifImpossible === 'row') return { json: { ...row, file_problem: message }, pairedItem };

		const problem = impossible.call(this, row, message, itemIndex);
		if (!this.continueOnFail()) return problem;
		return { json: { ...row, error: message }, error: problem, pairedItem };
	}
}

function impossible(
	this: IExecuteFunctions,
	{ name, local_date }: IDataObject,
	why: string,
	itemIndex: number,
): NodeOperationError {
	const which = [name && `"${name as string}"`, local_date && `of ${local_date as string}`];
	return new NodeOperationError(this.getNode(), why, {
		itemIndex,
		description: `It is the activity ${which.filter(Boolean).join(' ') || 'without a name'}. To go on with the others, set 'If a File Is Impossible' under Options.`,
	});
}
