import type { INodePropertyOptions } from 'n8n-workflow';

/** The formats for a ride, in alphabetical order as n8n requires. */
export const FILE_FORMAT_OPTIONS: INodePropertyOptions[] = [
	{ name: 'CSV', value: 'csv', description: 'A table with a row for each measured second' },
	{
		name: 'FIT',
		value: 'fit',
		description:
			'Best for uploads, such as to Intervals.icu: laps, pauses, all sensors; indoor rides too',
	},
	{
		name: 'GPX',
		value: 'gpx',
		description: 'The track on the map, for almost every program; not for indoor rides',
	},
	{
		name: 'Picture: Card',
		value: 'card',
		description: 'A square for chats: the name, six figures, the route and the profile',
	},
	{
		name: 'Picture: Chart',
		value: 'chart',
		description: 'Power, heart rate, elevation and zones over time',
	},
	{
		name: 'Picture: Map',
		value: 'map',
		description: 'The route, coloured by power; indoors a dial of power',
	},
	{
		name: 'TCX',
		value: 'tcx',
		description: 'The same as text, for programs that do not read FIT; indoor rides too',
	},
];

export const THEME_OPTIONS: INodePropertyOptions[] = [
	{ name: 'Dark', value: 'dark' },
	{ name: 'Light', value: 'light' },
];
