import type { INodePropertyOptions } from 'n8n-workflow';
import * as exportFiles from './export';

/** What activities have beyond the operations of every data type. */
export const operations = { export: exportFiles.execute };

export const operationOptions: INodePropertyOptions[] = [
	{
		name: 'Export',
		value: 'export',
		description: 'Write activities with all their samples to files: GPX, TCX, CSV, JSON or a chart',
		action: 'Export activities',
	},
];

export const { fields } = exportFiles;
