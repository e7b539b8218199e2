import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { readBoolean, readWholeNumber, type Parameters } from './values';

/** Return All, and the limit without it. */
export function limitFields(when: IDisplayOptions = {}): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: when,
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { ...when, show: { ...when.show, returnAll: [false] } },
		},
	];
}

/** @returns Infinity for Return All */
export function readLimit({ returnAll, limit }: Parameters): number {
	if (readBoolean(returnAll, 'Return All', false)) return Infinity;
	return readWholeNumber(limit, { field: 'Limit', min: 1 });
}
