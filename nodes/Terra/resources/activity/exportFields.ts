import type { INodeProperties } from 'n8n-workflow';
import { athleteFields } from '../../fields/athletes';
import { limitFields } from '../../fields/limit';
import { periodFields } from '../../fields/period';
import { userField } from '../../fields/user';
import {
	atOnceOption,
	ifDaysMissingOption,
	longestWaitOption,
	timeoutOption,
} from '../records/options';

const show = { resource: ['activity'], operation: ['export'] };

const one = { ...show, activities: ['one'] };

const ofPeriod = { ...show, activities: ['period'] };

const ifImpossibleOption: INodeProperties = {
	displayName: 'If a File Is Impossible',
	name: 'ifImpossible',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Stop with an error that says why' },
		{
			name: 'Return the Row Without a File',
			value: 'row',
			description: 'The field file_problem of the item says why',
		},
	],
	default: 'fail',
	description:
		'What to do with activities that lack what the format needs, such as GPX of an indoor ride',
};

export const exportFields: INodeProperties[] = [
	{
		displayName: 'Activities',
		name: 'activities',
		type: 'options',
		options: [
			{ name: 'One Activity', value: 'one' },
			{ name: 'All of a Period', value: 'period' },
		],
		default: 'one',
		displayOptions: { show },
	},
	{
		displayName: 'Activity Key or Summary ID',
		name: 'activityKey',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90:8fk2q7m1c5t9',
		description:
			'The activity_key of a row, which is all that is needed. A summary ID alone needs the user as well.',
		displayOptions: { show: one },
	},
	{
		...userField(one),
		required: false,
		hint: 'Only needed with a summary ID: an activity key names the user itself',
	},
	...athleteFields(ofPeriod),
	...periodFields(ofPeriod),
	...limitFields({ show: ofPeriod }),
	{
		displayName: 'File Format',
		name: 'fileFormat',
		type: 'options',
		options: [
			{
				name: 'Chart (SVG)',
				value: 'chart',
				description: 'A picture of power, heart rate, elevation and zones, to download or to send',
			},
			{ name: 'CSV', value: 'csv', description: 'A table with a row for each measured second' },
			{
				name: 'GPX',
				value: 'gpx',
				description: 'The track on the map, for almost every program; impossible for indoor rides',
			},
			{ name: 'JSON', value: 'json', description: 'All that Terra has, samples included' },
			{
				name: 'TCX',
				value: 'tcx',
				description: 'Laps and all sensors, for training programs; indoor rides too',
			},
		],
		default: 'tcx',
		displayOptions: { show },
	},
	{
		displayName: 'Chart Units',
		name: 'chartUnits',
		type: 'options',
		options: [
			{ name: 'Imperial', value: 'imperial', description: 'Miles, feet, miles per hour' },
			{ name: 'Metric', value: 'metric', description: 'Kilometres, metres, kilometres per hour' },
		],
		default: 'metric',
		displayOptions: { show: { ...show, fileFormat: ['chart'] } },
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: one },
		options: [
			{
				displayName: 'Day',
				name: 'day',
				type: 'dateTime',
				default: '',
				description:
					'The local_date of the activity, which saves looking for it. Without it the last year is searched.',
			},
			ifImpossibleOption,
			longestWaitOption,
			timeoutOption,
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: ofPeriod },
		options: [
			atOnceOption,
			ifImpossibleOption,
			ifDaysMissingOption,
			longestWaitOption,
			timeoutOption,
		],
	},
];
