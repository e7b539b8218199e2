import type { INodeProperties } from 'n8n-workflow';
import { FILE_FORMAT_OPTIONS, THEME_OPTIONS } from '../fields/fileFormats';
import { optionsField } from '../fields/show';

const attachFileOption = (description: string): INodeProperties => ({
	displayName: 'Attach File',
	name: 'attachFile',
	type: 'options',
	default: 'none',
	options: [...FILE_FORMAT_OPTIONS, { name: 'None', value: 'none' }].sort((a, b) =>
		a.name.localeCompare(b.name),
	),
	description,
});

const pictureThemeOption: INodeProperties = {
	displayName: 'Picture Theme',
	name: 'pictureTheme',
	type: 'options',
	default: 'light',
	options: THEME_OPTIONS,
	description: 'Whether an attached picture is light or dark',
};

export const optionFields: INodeProperties[] = [
	optionsField([
		attachFileOption(
			'File to put into the binary field "data" of each activity. Deliveries often have no samples, unless Include Samples is on in Terra\'s dashboard: a picture then has only figures and zones, and other files are missing, with the reason in the field file_problem. To always get a file, use the Terra node\'s operation Export after this trigger.',
		),
		{
			displayName: 'Drop Repeated Deliveries',
			name: 'dropRepeated',
			type: 'boolean',
			default: true,
			description:
				'Whether to ignore a delivery that was accepted before. Switch it off to run deliveries again that you resend from the dashboard; "status" then does not distinguish new from updated.',
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
						'Rides that arrive while n8n is busy share an execution: faster, with fewer calls in the nodes that follow',
				},
				{
					name: 'One Delivery Each',
					value: 'one',
					description:
						'A ride whose execution fails affects no other, and can be retried on its own',
				},
			],
			description:
				'Whether one execution may hold several deliveries, up to 50. Each ride is a separate item either way.',
		},
		{
			displayName: 'Verify Signature',
			name: 'verifySignature',
			type: 'boolean',
			default: true,
			description:
				'Whether to accept only deliveries that Terra signed. Without it anybody who knows the URL can start this workflow.',
		},
	]),
];

export const pollingOptionFields: INodeProperties[] = [
	optionsField([
		attachFileOption(
			'File to put into the binary field "data" of each activity. Each ride is then fetched with its samples.',
		),
		pictureThemeOption,
	]),
];
