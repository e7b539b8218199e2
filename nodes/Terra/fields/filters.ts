import type { INodeProperties } from 'n8n-workflow';
import type { RideFilters } from '../ride/filter';
import { ACTIVITY_TYPES, UPLOAD_TYPES } from '../terra/activityTypes';
import { asObject } from '../terra/json';
import { UserError } from '../terra/userError';
import { shownFor, type Show } from './show';
import { readList, readNumber, type Parameters } from './values';

/** A multi-select of Terra's numbers by name, in alphabetical order. */
function choices(names: Readonly<Record<number, string>>) {
	return Object.entries(names)
		.map(([value, name]) => ({ name, value: Number(value) }))
		.sort((a, b) => a.name.localeCompare(b.name));
}

const RIDE_FILTERS: INodeProperties[] = [
	{
		displayName: 'Activity Types',
		name: 'activityTypes',
		type: 'multiOptions',
		default: [],
		options: choices(ACTIVITY_TYPES),
		description: 'Only activities of these types. Leave empty for all.',
	},
	{
		displayName: 'Leave Out',
		name: 'leaveOut',
		type: 'multiOptions',
		default: [2, 4],
		options: choices({ ...UPLOAD_TYPES, 2: 'Entered by Hand', 4: 'Deleted' }),
		description: 'Kinds of upload to leave out',
	},
	{
		displayName: 'Minimum Distance (Km)',
		name: 'minDistance',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Activities without a distance pass',
	},
	{
		displayName: 'Minimum Duration (Minutes)',
		name: 'minDuration',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'Moving time, or from start to end if Terra has no moving time',
	},
];

/**
 * @param ofRides where the ride filters are shown; everywhere by default
 * @param more filters that only this node has
 */
export function filtersField(
	show: Show = {},
	ofRides: Show = {},
	more: INodeProperties[] = [],
): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [...shownFor(ofRides, RIDE_FILTERS), ...more].sort((a, b) =>
			a.displayName.localeCompare(b.displayName),
		),
		displayOptions: { show },
	};
}

/** @throws UserError naming the field */
export function readRideFilters({ filters }: Parameters): RideFilters {
	const { activityTypes, leaveOut, minDistance, minDuration } = asObject(filters);
	return {
		activityTypes: readNumbers(activityTypes, 'Activity Types'),
		unwantedUploads: readNumbers(leaveOut, 'Leave Out'),
		minSeconds:
			readNumber(minDuration, { field: 'Minimum Duration (Minutes)', min: 0, fallback: 0 }) * 60,
		minMeters:
			readNumber(minDistance, { field: 'Minimum Distance (Km)', min: 0, fallback: 0 }) * 1000,
	};
}

function readNumbers(value: unknown, field: string): number[] {
	return readList(value, field).map((entry) => {
		const number = Number(entry);
		if (Number.isInteger(number)) return number;
		throw new UserError(
			`'${field}' has an unknown value`,
			`Choose from the list, or use an expression that yields Terra's numbers. It contains: ${entry.slice(0, 60)}`,
		);
	});
}
