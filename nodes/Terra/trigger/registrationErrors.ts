import { UserError } from '../terra/userError';
import type { AdminError } from '../transport';

export const TOKEN_MISSING = new UserError(
	'The Personal Access Token is missing',
	"'Webhook Registration' is set to Automatically, which needs a token of its own. Create one in Terra's dashboard under Settings → Personal Access Tokens, with the scopes destinations:read and destinations:write, and put it into the Terra API credential; or choose By Hand.",
);

const BY_HAND = "or choose By Hand under 'Webhook Registration'.";

/** What a person can do when Terra does not create the destination. */
export function explainRefusal({ status, said }: AdminError): UserError {
	const explain = (title: string, next: string) =>
		new UserError(title, said ? `${next} Terra says: ${said}` : next);

	if (status === 401) {
		return explain(
			'Terra refused the Personal Access Token',
			`It has expired (they live 90 days at most) or was mistyped. Create a new one in Terra's dashboard under Settings → Personal Access Tokens and put it into the Terra API credential, ${BY_HAND}`,
		);
	}
	if (status === 403 && /scope|permission/i.test(said)) {
		return explain(
			'The Personal Access Token may not manage destinations',
			`Create one with the scopes destinations:read and destinations:write, ${BY_HAND}`,
		);
	}
	if (status === 404) {
		return explain(
			'Terra does not know this Developer ID',
			"Check that the 'Developer ID' of the Terra API credential belongs to the account of the Personal Access Token.",
		);
	}
	if (status === 403 || status === 409 || status === 422) {
		return explain(
			'Terra refused to create another destination',
			`By default it allows one webhook for an environment. Remove the other one in Terra's dashboard under Connections → Destinations, ask Terra for more, ${BY_HAND}`,
		);
	}
	if (status === 400) {
		return explain(
			'Terra did not accept the destination',
			'Its URL must be a public https address: check the webhook URL that n8n shows (N8N_WEBHOOK_URL, in older versions WEBHOOK_URL).',
		);
	}
	return explain(
		"Terra's Admin API cannot be reached",
		`Try again in a few minutes, and check the 'Admin Base URL' of the Terra API credential, ${BY_HAND}`,
	);
}
