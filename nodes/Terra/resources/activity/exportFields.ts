import type { INodeProperties } from 'n8n-workflow';
import { athleteFields, readAthletes } from '../../fields/athletes';
import { FILE_FORMAT_OPTIONS, THEME_OPTIONS } from '../../fields/fileFormats';
import { ifDaysMissingOption, longestWaitOption, readHistoryOptions } from '../../fields/history';
import { filtersField, readRideFilters } from '../../fields/filters';
import { limitFields, readLimit } from '../../fields/limit';
import { LATEST, periodFields, readLatest, readRange } from '../../fields/period';
import { optionsField } from '../../fields/show';
import { readLocator, readUser, userField } from '../../fields/user';
import { isEmpty, readChoice, readDay, readText, type Parameters } from '../../fields/values';
import type { ReadContext } from '../../n8n';
import { FILE_FORMATS, PICTURES, THEMES } from '../../output';
import type { RideFilters } from '../../ride/filter';
import type { Day, DayRange } from '../../terra/days';
import { asObject, isObject } from '../../terra/json';
import { parseKey } from '../../terra/keys';
import { UserError } from '../../terra/userError';
import type { AthleteQuery } from '../../transport';
import type { FileRequest } from './fileItem';

const one = { activities: ['one'] };

const ofPeriod = { activities: ['period'] };

const ofPicture = { fileFormat: [...PICTURES] };

const pictureFormatOption: INodeProperties = {
	displayName: 'Picture Format',
	name: 'pictureFormat',
	type: 'options',
	options: [
		{ name: 'PNG', value: 'png', description: 'What n8n, chats and email can show' },
		{ name: 'SVG', value: 'svg', description: 'Sharp at any size, for web pages and for print' },
	],
	default: 'png',
	displayOptions: { show: { '/fileFormat': [...PICTURES] } },
};

const ifImpossibleOption: INodeProperties = {
	displayName: 'If No File Can Be Made',
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
		'What to do with activities that lack what the format needs, such as positions for GPX',
};

/** The picker of one activity. */
const activityField: INodeProperties = {
	displayName: 'Activity',
	name: 'activityKey',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	typeOptions: { loadOptionsDependsOn: ['user.value'] },
	displayOptions: { show: one },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose an activity…',
			typeOptions: { searchListMethod: 'searchActivities', searchable: true },
		},
		{
			displayName: 'By Key',
			name: 'key',
			type: 'string',
			placeholder: 'e.g. rider-0042:XERT:8fk2q7m1c5t9',
			hint: 'The activity_key of a row, such as {{ $json.activity_key }}: it also names the athlete',
		},
		{
			displayName: 'By Summary ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 8fk2q7m1c5t9',
			hint: 'The summary_id of a row',
		},
	],
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
	},
	{
		...userField(one),
		displayOptions: { show: one, hide: { '/activityKey.mode': ['key'] } },
	},
	activityField,
	...athleteFields(ofPeriod),
	...periodFields({ show: ofPeriod, withLatest: true }),
	...limitFields({ show: ofPeriod, hide: { period: [LATEST] } }),
	filtersField(ofPeriod),
	{
		displayName: 'File Format',
		name: 'fileFormat',
		type: 'options',
		options: FILE_FORMAT_OPTIONS,
		default: 'fit',
	},
	{
		displayName: 'Units',
		name: 'pictureUnits',
		type: 'options',
		options: [
			{ name: 'Imperial', value: 'imperial', description: 'Miles, feet, miles per hour' },
			{ name: 'Metric', value: 'metric', description: 'Kilometres, metres, kilometres per hour' },
		],
		default: 'metric',
		description: 'The units of the picture',
		displayOptions: { show: ofPicture },
	},
	{
		displayName: 'Theme',
		name: 'theme',
		type: 'options',
		options: THEME_OPTIONS,
		default: 'light',
		description: 'Whether the picture is light or dark',
		displayOptions: { show: ofPicture },
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
	},
	{
		...optionsField([
			{
				displayName: 'Day',
				name: 'day',
				type: 'dateTime',
				typeOptions: { dateOnly: true },
				default: '',
				description:
					'The local_date of the activity, which saves a search. Without it the last year is searched.',
			},
			ifImpossibleOption,
			longestWaitOption,
			pictureFormatOption,
		]),
		displayOptions: { show: one },
	},
	{
		...optionsField([
			ifImpossibleOption,
			ifDaysMissingOption,
			longestWaitOption,
			pictureFormatOption,
		]),
		displayOptions: { show: ofPeriod },
	},
];

interface ExportBase {
	longestWaitMs: number;
	file: FileRequest;
}

/** One activity, by its key or ID. */
export interface ExportOne extends ExportBase {
	/** Whose activity it may be. */
	athletes: AthleteQuery | KeyOwner;
	identity: string;
	day: Day | undefined;
}

/** All activities of a period. */
export interface ExportMany extends ExportBase {
	athletes: AthleteQuery;
	range: DayRange;
	/** How many of the newest, if no days are given. */
	latest: number | undefined;
	limit: number;
	filters: RideFilters;
	ifDaysMissing: 'return' | 'fail';
}

export type ExportQuery = ExportOne | ExportMany;

/** @throws UserError naming the field */
export function readExport(parameters: Parameters, context: ReadContext): ExportQuery {
	const { longestWaitMs, ifDaysMissing } = readHistoryOptions(parameters);
	const file = readFileRequest(parameters);
	const which = readChoice(parameters.activities, 'Activities', ['one', 'period'], 'one');
	if (which === 'period') {
		const latest = readLatest(parameters);
		return {
			longestWaitMs,
			file,
			athletes: readAthletes(parameters),
			range: readRange(parameters, context, { withLatest: true }),
			latest,
			limit: latest ?? readLimit(parameters),
			filters: readRideFilters(parameters),
			ifDaysMissing,
		};
	}
	const { owner, identity } = readKey(parameters);
	const { day } = asObject(parameters.options);
	return {
		longestWaitMs,
		file,
		athletes: owner ?? readUser(parameters),
		identity,
		day: isEmpty(day) ? undefined : readDay(day, 'Day', context.timezone),
	};
}

function readFileRequest(parameters: Parameters): FileRequest {
	const options = asObject(parameters.options);
	const field = readText(parameters.binaryPropertyName);
	if (field === '') {
		throw new UserError(
			"'Put Output File in Field' is empty",
			'Enter the name of a field, such as data.',
		);
	}
	return {
		format: readChoice(parameters.fileFormat, 'File Format', FILE_FORMATS, 'fit'),
		units: readChoice(parameters.pictureUnits, 'Units', ['metric', 'imperial'], 'metric'),
		theme: readChoice(parameters.theme, 'Theme', THEMES, 'light'),
		picture: readChoice(options.pictureFormat, 'Picture Format', ['png', 'svg'], 'png'),
		field,
		ifImpossible: readChoice(
			options.ifImpossible,
			'If No File Can Be Made',
			['fail', 'row'],
			'fail',
		),
	};
}

/** The owner in a key: a reference ID, or a user ID if there is none. */
export interface KeyOwner {
	owner: string;
	provider: string;
}

function readKey({ activityKey }: Parameters): { owner?: KeyOwner; identity: string } {
	const { mode, value } = readLocator(activityKey);
	if (value === '') {
		throw new UserError(
			"'Activity' is empty",
			'Choose an activity. If the field is an expression, the input item has no such value.',
		);
	}
	const key = mode === 'id' && isObject(activityKey) ? undefined : parseKey(value);
	return key ? { owner: key, identity: key.identity } : { identity: value };
}
