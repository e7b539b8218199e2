import { providerField, readProvider } from '../../fields/provider';
import { readBoolean, readChoice, readText } from '../../fields/values';
import { operation } from '../../n8n';
import { DATA_TYPES, EVENTS } from '../../terra/events';
import { UserError } from '../../terra/userError';
import { AdminError, canonicalUrl, type Destination } from '../../transport';

/** Has Terra make up a ride and send it to a webhook, to test a workflow without riding. */
export const sendTestEvent = operation({
	option: {
		name: 'Send Test Event',
		value: 'sendTestEvent',
		description: 'Have Terra make up a ride and send it to your webhook',
		action: 'Send test event to a webhook',
	},
	columns: [
		{ name: 'sent', description: 'Whether Terra sends it', type: 'boolean' },
		{ name: 'webhook_url', description: 'Where it goes' },
		{ name: 'event_id', description: "Terra's ID of the event" },
	],
	fields: [
		{
			displayName: 'Data Type',
			name: 'testType',
			type: 'options',
			default: 'activity',
			options: DATA_TYPES.map((value) => ({ name: EVENTS[value].name, value })),
		},
		providerField({}, 'The provider that the data appears to come from'),
		{
			displayName: 'Webhook URL',
			name: 'testUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://n8n.example.com/webhook/…/webhook',
			description:
				'The Production URL of a Terra Trigger, or its Test URL while it listens and registers automatically. Leave empty if Terra has only one active webhook.',
		},
		{
			displayName: 'Preview Only',
			name: 'onlyShow',
			type: 'boolean',
			default: false,
			description: 'Whether to show what Terra would send without sending it',
		},
	],
	read: (parameters) => ({
		type: readChoice(parameters.testType, 'Data Type', DATA_TYPES, 'activity'),
		provider: readProvider(parameters),
		url: readText(parameters.testUrl),
		dryRun: readBoolean(parameters.onlyShow, 'Preview Only', false),
	}),
	async run({ type, provider, url, dryRun }, services) {
		const admin = await services.admin();
		if (!admin) {
			throw new UserError(
				'The Terra Admin API credential is missing',
				'Choose or create it above, with a Personal Access Token that has the scopes destinations:read and testdata:write.',
			);
		}
		let refusal: AdminError;
		try {
			const { id, url: destination } = choose(await admin.listDestinations(), url);
			const event = { type, provider, destinationId: id, dryRun };
			const { eventId, payload } = await admin.generate(event);
			const sent = { sent: !dryRun, webhook_url: destination, event_id: eventId ?? null };
			// The payload can be megabytes with its samples, and a sent event can be seen at the trigger.
			return [{ json: dryRun ? { ...sent, payload } : sent }];
		} catch (error) {
			if (!(error instanceof AdminError)) return await Promise.reject(error as Error);
			refusal = error;
		}
		throw explain(refusal, type, provider);
	},
});

function choose(destinations: Destination[], url: string): Destination {
	const active = destinations.filter((one) => one.active);
	const found = url === '' ? active : destinations.filter((one) => one.url === canonicalUrl(url));
	if (found.length === 1) return found[0]!;
	const list = active.map((one) => one.url).join(', ');
	if (url !== '') {
		const next = list ? `Terra's active webhooks: ${list}` : 'Terra has no active webhook.';
		throw new UserError("Terra has no webhook with this 'Webhook URL'", next);
	}
	if (found.length === 0) {
		throw new UserError(
			'Terra has no active webhook',
			"Publish a Terra Trigger that registers automatically or let it listen for a test event, or add its URL in Terra's dashboard under Connections → Destinations.",
		);
	}
	throw new UserError("Terra has several webhooks: name one under 'Webhook URL'", list);
}

function explain({ status, said, code }: AdminError, type: string, provider: string): UserError {
	const terraSays = said ? ` Terra says: ${said}` : '';
	const options = { httpCode: status > 0 ? String(status) : undefined };
	const explained = (title: string, next: string) =>
		new UserError(title, next + terraSays, options);
	if (status === 401) {
		return explained(
			'Terra refused the Personal Access Token',
			"It has expired or was mistyped: create a new one in Terra's dashboard under Settings → Personal Access Tokens.",
		);
	}
	if (status === 403) {
		return explained(
			'The Personal Access Token may not send test events',
			'Create one with the scopes destinations:read and testdata:write.',
		);
	}
	if (status === 400) {
		return explained(
			`Terra cannot generate ${type} events for ${provider}`,
			'Choose another Data Type or Provider.',
		);
	}
	if (status === 422) {
		return explained(
			'The webhook does not accept this test event',
			'It must be active and receive this type of event.',
		);
	}
	if (status === 404 && code === undefined) {
		return explained(
			"This version of Terra's Admin API has no test events",
			'Use the generator in the dashboard.',
		);
	}
	return explained("Terra's Admin API did not create the event", 'Try again in a few minutes.');
}
