import { UserError } from '../terra/userError';
import type { AdminError } from '../transport';

export const TOKEN_MISSING = new UserError(
	'The Terra Admin API credential is missing',
	"'Webhook Registration' is set to Automatically, which needs a Personal Access Token. Choose or create the credential above, or choose By Hand.",
);

const BY_HAND = "or choose By Hand under 'Webhook Registration'.";

/** What a person can do when Terra does not create the destination. */
export function explainRefusal({ status, said, code }: AdminError): UserError {
	const explain = (title: string, next: string) =>
		new UserError(title, said ? `${next} Terra says: ${said}` : next);

	if (status === 401) {
		return explain(
			'Terra refused the Personal Access Token',
			`It has expired (after 90 days at most) or was mistyped. Create a new one in Terra's dashboard under Settings → Personal Access Tokens and put it into the Terra Admin API credential, ${BY_HAND}`,
		);
	}
	if (code === 'audience_restricted') {
		return explain(
			'The Personal Access Token is for other environments',
			`Create one that covers this Developer ID, ${BY_HAND}`,
		);
	}
	if (status === 403 && (code === 'scope_missing' || /scope|permission/i.test(said))) {
		return explain(
			'The Personal Access Token lacks a scope',
			`Create one with the scopes destinations:read, destinations:write and keys:read, ${BY_HAND}`,
		);
	}
	if (status === 404) {
		return explain(
			'Terra does not know this Developer ID',
			"Check that the 'Developer ID' of the Terra Admin API credential belongs to the account of the Personal Access Token.",
		);
	}
	if (status === 403 || status === 409 || status === 422) {
		return explain(
			'Terra refused to create another destination',
			`It may allow only one webhook for an environment. Remove the other one in Terra's dashboard under Connections → Destinations, ask Terra for more, ${BY_HAND}`,
		);
	}
	if (status === 400) {
		return explain(
			'Terra did not accept the destination',
			'Its URL must be a public https address: check the webhook URL that n8n shows (N8N_WEBHOOK_URL, in older versions WEBHOOK_URL).',
		);
	}
	if (status >= 200 && status < 300) {
		return explain(
			"Terra's Admin API gave an unexpected answer",
			`Look at the webhooks in Terra's dashboard under Connections → Destinations, and publish again, ${BY_HAND}`,
		);
	}
	return explain(
		"Terra's Admin API cannot be reached",
		`Try again in a few minutes, and check the 'Admin Base URL' of the Terra Admin API credential, ${BY_HAND}`,
	);
}

/** The same while listening for a test event, when there are other ways out. */
export function explainTestRefusal(error: AdminError): UserError {
	const { message, next } = explainRefusal(error);
	if (![403, 409, 422].includes(error.status) || !message.includes('another destination')) {
		return new UserError(message, next);
	}
	return new UserError(
		'Terra allows only one webhook, and the published workflow has it',
		"To test, use Terra's Testing environment with its own credentials; or publish the workflow and look at its executions.",
	);
}
