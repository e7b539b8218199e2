import type { INodeProperties } from 'n8n-workflow';
import { DATA_TYPES, EVENTS, type EventType } from '../terra/events';
import { filtersField } from '../fields/filters';
import { providersField } from '../fields/provider';
import { shownFor, type Show } from '../fields/show';
import { viewFields } from '../fields/view';
import { DELIVERY_COLUMNS } from './present';
import { pollingOptionFields } from './optionFields';
import { MINUTES } from './settings';

const ANY_EVENT = {
	name: 'Any Event',
	value: '*',
	description: 'Everything Terra sends, including types it may add later',
};

/** Alphabetical, as n8n requires. */
const EVENT_OPTIONS = [
	ANY_EVENT,
	...Object.entries<EventType>(EVENTS).map(([value, { name, choice = name, description }]) => ({
		name: choice,
		value,
		description,
	})),
].sort((a, b) => a.name.localeCompare(b.name));

const ANY = ANY_EVENT.value;

/** Shown if the events include rides. */
const RIDES: Show = { events: ['activity', ANY] };

/** Shown if the events include records. An event without records, such as a connection, has no versions. */
const RECORDS: Show = {
	events: [
		ANY,
		...Object.entries<EventType>(EVENTS).flatMap(([value, { records }]) => (records ? value : [])),
	],
};

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
		'Terra sends a ride again whenever the provider has more of it. Match rows on activity_key.',
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
				'Once for each ride, when it has stopped changing, with its final numbers: best for messages',
		},
	]),
	{
		displayName: 'Unchanged For (Minutes)',
		name: 'settleMinutes',
		type: 'number',
		typeOptions: { minValue: MINUTES.min, maxValue: MINUTES.max },
		default: 15,
		description: 'How long a ride must stay unchanged; the trigger asks Terra every few minutes',
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
			'When to ask Terra for rides that were never delivered, such as while n8n was off. Each starts the workflow once. Rides from before this workflow was first published are left out.',
	},
];

/** Fields that are not only about rides. */
const SHOWN: Readonly<Record<string, Show>> = { simplify: {}, format: {}, units: RECORDS };

const ofRides = (fields: INodeProperties[]) =>
	fields.flatMap((field) => shownFor(SHOWN[field.name] ?? RIDES, [field]));

export const outputFields = ofRides(
	viewFields(
		{},
		"Deliveries often have no samples, unless Include Samples is on in Terra's dashboard",
		DELIVERY_COLUMNS,
	),
);

export const pollingOutputFields: INodeProperties[] = [
	...ofRides(
		viewFields({}, 'With any of these, each ride is fetched with its samples', DELIVERY_COLUMNS),
	),
	...pollingOptionFields,
];
