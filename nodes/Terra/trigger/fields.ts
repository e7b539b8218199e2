import type { INodeProperties } from 'n8n-workflow';
import { ACTIVITY_TYPES, UPLOAD_TYPES } from '../terra/activityTypes';
import { providerField } from '../fields/provider';
import { shapeFields } from '../fields/view';
import { DELIVERY_COLUMNS } from './items';
import { DEFAULT_MAX_AGE_HOURS } from './options';

const DASHBOARD = '<a href="https://dashboard.tryterra.co" target="_blank">Terra\'s dashboard</a>';

/** Steps, in their order. Of HTML, n8n shows only links and lists in a notice. */
function notice(title: string, steps: string[]): string {
	return `${title}<ul>${steps.map((step) => `<li>${step}</li>`).join('')}</ul>`;
}

/** A multi-select of Terra's numbers by name, in alphabetical order. */
function choices(names: Readonly<Record<number, string>>) {
	return Object.entries(names)
		.map(([value, name]) => ({ name, value: Number(value) }))
		.sort((a, b) => a.name.localeCompare(b.name));
}

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
					'N8n creates the webhook at Terra when you publish. Needs a Personal Access Token in the credential, which Terra lets live for 90 days at most.',
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
			'Connections → Destinations → Add New → Webhook: paste the Production URL (open Webhook URLs above).',
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
			'Settings → Personal Access Tokens: create one with destinations:read and destinations:write, and put it into the Terra API credential.',
			'Publish this workflow: n8n creates the webhook and keeps its signing secret.',
		]),
		name: 'automaticNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { registration: ['automatic'] } },
	},
	{
		displayName: 'On Unpublishing',
		name: 'onDeactivation',
		type: 'options',
		noDataExpression: true,
		default: 'pause',
		options: [
			{
				name: 'Switch the Webhook Off',
				value: 'pause',
				description: 'It stays at Terra and is switched on again when you publish',
			},
			{
				name: 'Remove the Webhook',
				value: 'remove',
				description: 'It is deleted at Terra and created anew when you publish',
			},
		],
		description: 'What happens to the webhook at Terra when you unpublish or delete this workflow',
		displayOptions: { show: { registration: ['automatic'] } },
	},
];

export const eventFields: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: ['activity'],
		options: [
			{
				name: 'Access Revoked',
				value: 'access_revoked',
				description: 'The athlete withdrew access at the provider',
			},
			{
				name: 'Activity',
				value: 'activity',
				description: 'A ride or other workout is new or has changed',
			},
			{
				name: 'Any Event',
				value: '*',
				description: 'Everything Terra sends, also what it may add later',
			},
			{
				name: 'Athlete',
				value: 'athlete',
				description: "An athlete's profile is new or has changed",
			},
			{
				name: 'Body',
				value: 'body',
				description: 'Weight, blood pressure, glucose and other measurements',
			},
			{ name: 'Connected', value: 'auth', description: 'An athlete has connected' },
			{
				name: 'Connection Error',
				value: 'connection_error',
				description: 'The provider refused Terra; it may recover by itself',
			},
			{
				name: 'Connection Failed',
				value: 'auth_cancelled',
				description: 'An athlete cancelled connecting, or it failed',
			},
			{
				name: 'Daily',
				value: 'daily',
				description: 'Totals of a day: steps, calories, heart rate',
			},
			{
				name: 'Disconnected',
				value: 'deauth',
				description: 'An athlete was disconnected through Terra',
			},
			{ name: 'Health Observation', value: 'health_observation' },
			{ name: 'Hormone', value: 'hormone' },
			{
				name: 'Lab Report',
				value: 'lab_report',
				description: 'A lab report was read, or could not be',
			},
			{
				name: 'Large Request',
				value: 'large_request',
				description: 'Terra is working on a long stretch of history, or begins to send it',
			},
			{ name: 'Menstruation', value: 'menstruation' },
			{ name: 'Nutrition', value: 'nutrition' },
			{
				name: 'Permission Change',
				value: 'permission_change',
				description: 'An athlete changed what Terra may read',
			},
			{ name: 'Planned Workout', value: 'planned_workout' },
			{
				name: 'Reconnected',
				value: 'user_reauth',
				description: 'An athlete connected again: the user ID has changed',
			},
			{ name: 'Route', value: 'route' },
			{ name: 'Sleep', value: 'sleep' },
		],
	},
	providerField({}, 'Where the data comes from', { several: true }),
	{
		displayName: 'Emit',
		name: 'emit',
		type: 'options',
		default: 'all',
		options: [
			{
				name: 'New and Updated',
				value: 'all',
				description:
					'Terra sends a ride again whenever the provider has more of it. Use this with nodes that update a row, matched on activity_key.',
			},
			{
				name: 'New Only',
				value: 'new',
				description: 'The first version of each ride, which may not be complete yet',
			},
		],
		description: 'Whether later versions of what was emitted before start the workflow again',
	},
];

export const filterFields: INodeProperties[] = [
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
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
				options: choices(UPLOAD_TYPES),
				description: 'Ways of upload that are not wanted, such as activities entered by hand',
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
				description: 'Time in motion, or from start to end where Terra has no time in motion',
			},
			{
				displayName: 'Reference IDs',
				name: 'referenceIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. rider-0042, rider-0043',
				description:
					'Only athletes that you gave these IDs when connecting them. Separate several with commas.',
			},
			{
				displayName: 'User IDs',
				name: 'userIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. 7d0c6f1e-52a9-4b0e-9c37-18f2a6be4d90',
				description: "Only these of Terra's users. Separate several with commas.",
			},
		],
	},
];

export const optionFields: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Allowed Addresses',
				name: 'allowedAddresses',
				type: 'string',
				default: '',
				placeholder: 'e.g. 18.133.218.210, 18.169.82.189',
				description:
					"IP addresses to accept deliveries from, besides checking the signature. Terra's current ones are in its documentation. Behind a proxy, n8n must be told of it (N8N_PROXY_HOPS). Leave empty for any.",
			},
			{
				displayName: 'Attach File',
				name: 'attachFile',
				type: 'options',
				default: 'none',
				options: [
					{
						name: 'Chart (SVG)',
						value: 'chart',
						description: 'A picture; without samples it has only totals and zones',
					},
					{ name: 'CSV', value: 'csv', description: 'A table with a row for each measured second' },
					{ name: 'GPX', value: 'gpx', description: 'The track on the map; not for indoor rides' },
					{ name: 'JSON', value: 'json', description: 'All that Terra sent' },
					{ name: 'None', value: 'none' },
					{ name: 'TCX', value: 'tcx', description: 'Laps and all sensors; indoor rides too' },
				],
				description:
					'File to put into the binary field "data" of each activity. Deliveries often carry no samples, unless Include Samples is on in Terra\'s dashboard: then there is no file, and the field file_problem says so. To be sure, use the Terra node\'s operation Export after this trigger. It has no effect with One Item per Event.',
			},
			{
				displayName: 'Drop Repeated Deliveries',
				name: 'dropRepeated',
				type: 'boolean',
				default: true,
				description:
					'Whether a delivery that was accepted before starts nothing. Switch it off to have deliveries that you resend from the dashboard run again; new and updated are then not told apart.',
			},
			{
				displayName: 'Emit Outdated Versions',
				name: 'emitOutdated',
				type: 'boolean',
				default: false,
				description:
					'Whether to emit, with status "outdated", a version of a ride or other record that arrives after a later one',
			},
			{
				displayName: 'Maximum Age (Hours)',
				name: 'maxAgeHours',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: DEFAULT_MAX_AGE_HOURS,
				description:
					'Deliveries signed longer ago are dropped. Terra repeats for about a day what it could not deliver. 0 accepts any age.',
			},
			{
				displayName: 'One Item per Event',
				name: 'onePerEvent',
				type: 'boolean',
				default: false,
				description:
					'Whether to emit each event as Terra sent it, instead of one item per activity or other record',
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

export const outputFields = shapeFields({}, DELIVERY_COLUMNS);
