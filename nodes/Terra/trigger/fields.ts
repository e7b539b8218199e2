import type { INodeProperties } from 'n8n-workflow';
import { DATA_TYPES, EVENTS, type EventType } from '../terra/events';
import { filtersField } from '../fields/filters';
import { providersField } from '../fields/provider';
import { shownFor, type Show } from '../fields/show';
import { viewFields } from '../fields/view';
import { DELIVERY_COLUMNS } from './present';
import { MINUTES } from './settings';

const DASHBOARD = '<a href="https://dashboard.tryterra.co" target="_blank">Terra\'s dashboard</a>';

/** Steps, in their order. Of HTML, n8n shows only links and lists in a notice. */
function notice(title: string, steps: string[]): string {
	return `${title}<ul>${steps.map((step) => `<li>${step}</li>`).join('')}</ul>`;
}

const ANY_EVENT = {
	name: 'Any Event',
	value: '*',
	description: 'Everything Terra sends, including types it may add later',
};

/** Alphabetical, as n8n wants it. */
const EVENT_OPTIONS = [
	ANY_EVENT,
	...Object.entries<EventType>(EVENTS).map(([value, { name, choice = name, description }]) => ({
		name: choice,
		value,
		description,
	})),
].sort((a, b) => a.name.localeCompare(b.name));

const ANY = ANY_EVENT.value;

/** Where rides may come. */
const RIDES: Show = { events: ['activity', ANY] };

/** Where records may come: an event without them, such as a connection, has no versions. */
const RECORDS: Show = {
	events: [
		ANY,
		...Object.entries<EventType>(EVENTS).flatMap(([value, { records }]) => (records ? value : [])),
	],
};

export const registrationFields: INodeProperties[] = [
	{
		displayName: 'Webhook Registration',
		name: 'registration',
		type: 'options',
		noDataExpression: true,
		default: 'byHand',
		options: [
			{
				name: 'Automatically',
				value: 'automatic',
				description:
					'Publishing creates the webhook at Terra, signing secret included. Needs a Personal Access Token once.',
			},
			{
				name: 'By Hand',
				value: 'byHand',
				description: "You paste the webhook URL into Terra's dashboard once",
			},
		],
	},
	{
		displayName: notice(`In ${DASHBOARD}:`, [
			'Choose the environment, then Connections → Sources: enable Xert.',
			'Connections → Destinations → Add New → Webhook: paste the Production URL (open Webhook URLs above), or the Test URL to try it first.',
			'On that webhook ⋯ → Edit: copy the Signing Secret into the Terra API credential.',
			'Publish this workflow. Rides arrive as athletes finish them.',
		]),
		name: 'byHandNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { registration: ['byHand'] } },
	},
	{
		displayName: notice(`Once, in ${DASHBOARD}:`, [
			'Choose the environment, then Connections → Sources: enable Xert.',
			'Settings → Personal Access Tokens: create one with the scopes destinations:read, destinations:write and keys:read, and put it into the credential for Terra Admin API above.',
			'Publish this workflow: n8n creates the webhook. It goes on working after the token has expired.',
		]),
		name: 'automaticNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { registration: ['automatic'] } },
	},
];

const eventsField = (options: typeof EVENT_OPTIONS): INodeProperties => ({
	displayName: 'Trigger On',
	name: 'events',
	type: 'multiOptions',
	required: true,
	default: ['activity'],
	options,
});

const whichProviders = providersField({}, 'Where the data comes from');

const EMIT_OPTIONS = [
	{
		name: 'New and Updated',
		value: 'all',
		description: 'Every version of a ride, for nodes that update its row',
	},
	{
		name: 'New Only',
		value: 'new',
		description: 'The first version of a ride, which may be incomplete',
	},
];

const emitField = (options: typeof EMIT_OPTIONS): INodeProperties => ({
	displayName: 'Emit',
	name: 'emit',
	type: 'options',
	default: 'all',
	options,
	displayOptions: { show: RECORDS },
	description:
		'A ride comes again whenever the provider has more of it. Match rows on activity_key.',
});

export const eventFields: INodeProperties[] = [
	eventsField(EVENT_OPTIONS),
	whichProviders,
	emitField([
		...EMIT_OPTIONS,
		{
			name: 'New, Once Settled',
			value: 'settled',
			description:
				'Once for each ride, when it has stopped changing, with its final numbers: for a message',
		},
	]),
	{
		displayName: 'Unchanged For (Minutes)',
		name: 'settleMinutes',
		type: 'number',
		typeOptions: { minValue: MINUTES.min, maxValue: MINUTES.max },
		default: 15,
		description: 'How long a ride must be unchanged at Terra, which is asked every few minutes',
		displayOptions: { show: { ...RECORDS, emit: ['settled'] } },
	},
];

export const pollingFields: INodeProperties[] = [
	{
		displayName: 'Ask Every (Minutes)',
		name: 'minutes',
		type: 'number',
		typeOptions: { minValue: MINUTES.min, maxValue: MINUTES.max },
		default: 15,
		description: 'How often to ask Terra, with a request for each athlete',
	},
	eventsField(EVENT_OPTIONS.filter(({ value }) => (DATA_TYPES as string[]).includes(value))),
	whichProviders,
	emitField(EMIT_OPTIONS),
];

export const filterFields: INodeProperties[] = [
	filtersField({}, { '/events': RIDES.events! }, [
		{
			displayName: 'Athletes',
			name: 'athletes',
			type: 'string',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Athlete' },
			default: [],
			placeholder: 'e.g. rider-0042',
			description:
				"Only these athletes: the reference IDs that you gave when connecting them, or Terra's user IDs. Leave empty for all.",
		},
	]),
];

export const catchUpFields: INodeProperties[] = [
	{
		displayName: 'Catch Up',
		name: 'catchUp',
		type: 'options',
		default: 'sixHours',
		options: [
			{
				name: 'At Start and Every 6 Hours',
				value: 'sixHours',
				description: 'One request for each athlete each time',
			},
			{ name: 'At Start and Daily', value: 'daily', description: 'For thousands of athletes' },
			{ name: 'Off', value: 'off', description: 'Only what Terra delivers' },
		],
		description:
			'When to ask Terra for rides that no delivery brought, such as while n8n was off. Each starts the workflow once; nothing from before this workflow was first published.',
	},
];

const attachFileOption = (description: string): INodeProperties => ({
	displayName: 'Attach File',
	name: 'attachFile',
	type: 'options',
	default: 'none',
	options: [
		{ name: 'CSV', value: 'csv', description: 'A table with a row for each measured second' },
		{
			name: 'FIT',
			value: 'fit',
			description: 'Best for uploads: laps, pauses and all sensors; indoor rides too',
		},
		{ name: 'GPX', value: 'gpx', description: 'The track on the map; not for indoor rides' },
		{ name: 'None', value: 'none' },
		{
			name: 'Picture: Card',
			value: 'card',
			description: 'A square for messengers; without samples it has figures and zones, but no map',
		},
		{
			name: 'Picture: Chart',
			value: 'chart',
			description: 'Power, heart rate and elevation; without samples it has figures and zones',
		},
		{
			name: 'Picture: Map',
			value: 'map',
			description: 'The way, coloured by power; indoors the power goes round a clock',
		},
		{
			name: 'TCX',
			value: 'tcx',
			description: 'The same as text, for programs that do not read FIT',
		},
	],
	description,
});

const pictureThemeOption: INodeProperties = {
	displayName: 'Picture Theme',
	name: 'pictureTheme',
	type: 'options',
	default: 'light',
	options: [
		{ name: 'Dark', value: 'dark' },
		{ name: 'Light', value: 'light' },
	],
	description: 'Whether an attached picture is light or dark',
};

export const optionFields: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			attachFileOption(
				'File to put into the binary field "data" of each activity. Deliveries often carry no samples, unless Include Samples is on in Terra\'s dashboard: then there is no file, and the field file_problem says so. To be sure, use the Terra node\'s operation Export after this trigger.',
			),
			{
				displayName: 'Drop Repeated Deliveries',
				name: 'dropRepeated',
				type: 'boolean',
				default: true,
				description:
					'Whether a delivery that was accepted before starts nothing. Switch it off to have deliveries that you resend from the dashboard run again; new and updated are then not told apart.',
			},
			{
				displayName: 'Payload Hosts',
				name: 'payloadHosts',
				type: 'string',
				default: '',
				placeholder: 'e.g. payloads.example.com',
				description:
					'For the delivery mode "Ping": hosts from which payloads may be fetched, besides amazonaws.com. Separate several with commas.',
			},
			pictureThemeOption,
			{
				displayName: 'Rides per Execution',
				name: 'ridesPerExecution',
				type: 'options',
				default: 'many',
				options: [
					{
						name: 'Many When Busy',
						value: 'many',
						description:
							'Rides that arrive while n8n is busy share an execution: faster, with fewer calls behind it',
					},
					{
						name: 'One Delivery Each',
						value: 'one',
						description:
							'A ride whose execution fails affects no other, and can be retried by itself',
					},
				],
				description:
					'Whether one execution may hold several deliveries, up to 50. Each ride is an item of its own either way.',
			},
			{
				displayName: 'Verify Signature',
				name: 'verifySignature',
				type: 'boolean',
				default: true,
				description:
					'Whether to accept only deliveries that Terra signed. Without it anybody who knows the URL can start this workflow.',
			},
		],
	},
];

/** What concerns every kind of record; the other fields are about rides. */
const OF_EVERY_RECORD = ['simplify', 'units', 'format'];

const ofRides = (fields: INodeProperties[]) =>
	fields.flatMap((field) =>
		OF_EVERY_RECORD.includes(field.name) ? field : shownFor(RIDES, [field]),
	);

export const outputFields = ofRides(
	viewFields(
		{},
		"Deliveries often carry no samples, unless Include Samples is on in Terra's dashboard",
		DELIVERY_COLUMNS,
	),
);

export const pollingOutputFields: INodeProperties[] = [
	...ofRides(viewFields({}, 'For them, each ride is fetched with its samples', DELIVERY_COLUMNS)),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			attachFileOption(
				'File to put into the binary field "data" of each activity. Each ride is then fetched with its samples.',
			),
			pictureThemeOption,
		],
	},
];
