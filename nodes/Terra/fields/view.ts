import type { INodeProperties } from 'n8n-workflow';
import type { Units, View } from '../output';
import { FULL_COLUMNS, isColumn } from '../rows/rideRow';
import { UNKNOWN_ATHLETE } from '../ride/athlete';
import { asObject } from '../terra/json';
import { UserError } from '../terra/userError';
import { figureFields, readAthleteNumbers, readFigures } from './figures';
import type { Show } from './show';
import { readBoolean, readChoice, readList, type Parameters } from './values';

interface ColumnChoice {
	name: string;
	description: string;
	unit?: string;
}

/** In alphabetical order, as n8n requires for lists of this length. */
function columnChoices(columns: readonly ColumnChoice[]) {
	return columns
		.map(({ name, description, unit }) => ({
			name,
			value: name,
			description: unit ? `${description} (${unit})` : description,
		}))
		.sort((a, b) => a.name.localeCompare(b.name));
}

const SENTENCE: INodeProperties = {
	displayName: 'Add Sentence',
	name: 'sentence',
	type: 'boolean',
	default: false,
	description: 'Whether to add a column "sentence" that sums up the ride, ready for a message',
};

const SLACK: INodeProperties = {
	displayName: 'Add Slack Blocks',
	name: 'slack',
	type: 'boolean',
	default: false,
	description:
		'Whether to add a field "slack" for the Blocks field of a Slack node. Leave it off for sheets, which cannot store it.',
};

const PROTECT_TEXT: INodeProperties = {
	displayName: 'Protect Text for Sheets',
	name: 'protectText',
	type: 'boolean',
	default: false,
	description:
		'Whether to stop Google Sheets from reading text as a formula, a number or a date, with a leading apostrophe that the sheet does not show. Leave it off for databases and data tables.',
};

const TIMES: INodeProperties = {
	displayName: 'Times',
	name: 'times',
	type: 'options',
	default: 'sent',
	options: [
		{
			name: 'As Sent',
			value: 'sent',
			description: 'ISO 8601, with an offset if Terra knows it',
		},
		{
			name: 'Local',
			value: 'local',
			description: "The athlete's clock without a zone, as sheets read it",
		},
		{
			name: 'UTC',
			value: 'utc',
			description: 'Empty if Terra does not know the offset',
		},
	],
	description: 'How start and end are written',
};

export const unitsField = (show: Show): INodeProperties => ({
	displayName: 'Units',
	name: 'units',
	type: 'options',
	default: 'terra',
	options: [
		{ name: 'Metres', value: 'terra', description: 'As Terra sends them; metres per second' },
		{ name: 'Imperial', value: 'imperial', description: 'Miles, feet, miles per hour' },
		{
			name: 'Metric',
			value: 'metric',
			description: 'Kilometres, metres, kilometres per hour',
		},
	],
	description: 'The unit is part of the name of each column, such as distance_kilometers',
	displayOptions: { show: { ...show, simplify: [true] } },
});

export function simplifyField(show: Show = {}): INodeProperties {
	return {
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
		displayOptions: { show },
	};
}

function formatField(show: Show, options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Format',
		name: 'format',
		type: 'collection',
		placeholder: 'Add Format',
		default: {},
		options,
		displayOptions: { show: { ...show, simplify: [true] } },
	};
}

/** How records other than activities become items: each type has its own row. */
export function recordViewFields(show: Show): INodeProperties[] {
	return [simplifyField(show), unitsField(show), formatField(show, [PROTECT_TEXT, TIMES])];
}

export function lapsField(show: Show): INodeProperties {
	return {
		displayName: 'One Item for Each Lap',
		name: 'laps',
		type: 'boolean',
		default: false,
		description:
			'Whether to return the laps of each activity, with their own columns and the computed figures of each. An activity without laps is one lap.',
		hint: 'Columns and Fields apply to activities only: laps have their own columns',
		displayOptions: { show: { ...show, simplify: [true] } },
	};
}

/**
 * How activities become items: the same fields on both nodes.
 *
 * @param samplesHint where the samples of computed figures come from
 * @param extraColumns columns that only this node has
 */
export function viewFields(
	show: Show,
	samplesHint: string,
	extraColumns: readonly ColumnChoice[] = [],
): INodeProperties[] {
	return [
		simplifyField(show),
		{
			displayName: 'Columns',
			name: 'columns',
			type: 'options',
			default: 'essential',
			options: [
				{
					name: 'Essential',
					value: 'essential',
					description: 'Ten columns that most people want, ready for a sheet or a message',
				},
				{
					name: 'Full Row',
					value: 'full',
					description: 'Every column, in a fixed order',
				},
				{
					name: 'Selected Fields',
					value: 'selected',
					description: 'The columns that you choose',
				},
			],
			description: 'Which columns an activity has. Other types of data have their own rows.',
			displayOptions: { show: { ...show, simplify: [true] } },
		},
		{
			displayName: 'Fields',
			name: 'selectedColumns',
			type: 'multiOptions',
			default: ['activity_key', 'local_date', 'name', 'distance_meters'],
			options: columnChoices([...FULL_COLUMNS, ...extraColumns]),
			description:
				'Keep activity_key if you want to update rows later: it stays the same for a ride and all its updates',
			displayOptions: { show: { ...show, simplify: [true], columns: ['selected'] } },
		},
		...figureFields({ ...show, simplify: [true] }, samplesHint),
		unitsField(show),
		formatField(show, [SENTENCE, SLACK, PROTECT_TEXT, TIMES]),
	];
}

/**
 * What the fields say.
 *
 * @param extraColumns as for `viewFields`
 * @throws UserError naming the field
 */
export function readView(
	parameters: Parameters,
	timezone: string,
	extraColumns: readonly ColumnChoice[] = [],
): View {
	const { simplify, columns, selectedColumns, format } = parameters;
	const chosen = readChoice(columns, 'Columns', ['essential', 'full', 'selected'], 'essential');
	const isSimple = readBoolean(simplify, 'Simplify', true);
	const wanted = readList(selectedColumns, 'Fields');
	if (isSimple && chosen === 'selected') checkColumns(wanted, extraColumns);
	const { sentence, slack, protectText, times } = asObject(format);
	const figures = isSimple ? readFigures(parameters) : [];
	return {
		simplify: isSimple,
		columns: chosen,
		selectedColumns: wanted,
		figures,
		laps: isSimple && readBoolean(parameters.laps, 'One Item for Each Lap', false),
		athlete: figures.length > 0 ? readAthleteNumbers(parameters) : UNKNOWN_ATHLETE,
		sentence: readBoolean(sentence, 'Add Sentence', false),
		slack: readBoolean(slack, 'Add Slack Blocks', false),
		times: readChoice(times, 'Times', ['sent', 'local', 'utc'], 'sent'),
		units: readUnits(parameters),
		protectText: readBoolean(protectText, 'Protect Text for Sheets', false),
		timezone,
	};
}

/** @throws UserError naming the field */
export function readUnits({ units }: Parameters): Units {
	return readChoice(units, 'Units', ['terra', 'imperial', 'metric'], 'terra');
}

/** Rows without a column would be empty, and a wrong name would be dropped silently. */
function checkColumns(wanted: readonly string[], extraColumns: readonly ColumnChoice[]): void {
	if (wanted.length === 0) {
		throw new UserError(
			"'Fields' is empty",
			"Choose at least one column, or set 'Columns' to Essential.",
		);
	}
	const extras = extraColumns.map(({ name }) => name);
	const unknown = wanted.filter((name) => !isColumn(name) && !extras.includes(name));
	if (unknown.length > 0) {
		throw new UserError(
			"'Fields' has a column that activities do not have",
			`There is no column ${unknown.slice(0, 5).join(', ')}. Choose from the list; an expression must yield the names in it.`,
		);
	}
}
