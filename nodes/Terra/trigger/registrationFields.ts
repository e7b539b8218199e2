import type { INodeProperties } from 'n8n-workflow';

const DASHBOARD = '<a href="https://dashboard.tryterra.co" target="_blank">Terra\'s dashboard</a>';

/** Steps, numbered by hand: the only HTML that n8n shows in a notice is links and unnumbered lists. */
function notice(title: string, steps: string[]): string {
	return title + steps.map((step, index) => `<ul>${index + 1}. ${step}</ul>`).join('');
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
			'Connections → Destinations → Add New → Webhook: paste the Production URL (open Webhook URLs above), or the Test URL to test first.',
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
			'Publish this workflow: n8n creates the webhook, which keeps working after the token has expired.',
		]),
		name: 'automaticNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { registration: ['automatic'] } },
	},
];
