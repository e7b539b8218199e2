import { asObject } from '../terra/json';
import type { HttpResponse, NoResponse } from './exchange';
import { terraText } from './exchange';
import { quoting, TerraError } from './terraError';

/** What a request is about, for errors. */
export type Subject =
	| { kind: 'records'; type: string }
	| { kind: 'user' }
	/** A link for an athlete to connect. */
	| { kind: 'link' }
	/** The environment's providers and users. */
	| { kind: 'environment' };

const ENVIRONMENTS = '(Testing, Staging or Production)';

/**
 * Explains an answer that is not a success.
 *
 * @see https://docs.tryterra.co/reference/errors
 */
export function explainStatus(
	{ statusCode, body, headers }: HttpResponse,
	about: Subject,
): TerraError {
	const said = terraText(body);
	const httpCode = String(statusCode);
	const explain = (title: string, next: string, reason?: TerraError['reason']) =>
		quoting(title, next, said, { httpCode, reason });

	switch (statusCode) {
		case 400:
		case 404:
			return explainNotFound(statusCode, said, about, explain);
		case 401:
			return explain(
				'Terra refused the credential',
				`Check that the Developer ID and API Key in the Terra API credential are right and belong to the same environment ${ENVIRONMENTS}`,
				'credential',
			);
		case 403:
			if (problemCode(body) === 'entitlement_required') {
				return explain(
					'Your Terra plan does not include this',
					"Terra's support or the dashboard's billing page can add it. The credential is right",
				);
			}
			if (problemCode(body) === 'environment_disabled') {
				return explain(
					'This environment is disabled at Terra',
					"Enable it in Terra's dashboard, or use the credential of another one",
				);
			}
			return explain(
				'Terra does not allow this',
				`Check that the Developer ID and API Key in the Terra API credential belong to the same environment ${ENVIRONMENTS}, and that your Terra plan includes the add-on that this needs`,
			);
		case 413:
		case 504:
			return explain(
				'The answer is too large for Terra to send at once',
				'Choose a shorter date range, or leave out the samples',
			);
		case 424:
			return explain(
				'The provider refused to share the data',
				'The athlete must connect again, or grant the missing permission',
			);
		case 429:
			return explainRateLimit(said, headers, explain);
	}
	if (statusCode >= 300 && statusCode < 400) {
		return explain(
			'The Base URL leads to another address',
			"Check the 'Base URL' of the Terra API credential. Redirects are not followed, so that the API Key goes nowhere else",
		);
	}
	if (statusCode >= 500 || statusCode === 408) {
		return explain('Terra cannot answer just now', 'Try again in a few minutes');
	}
	return explain('Terra did not accept the request', 'Check the fields of this node');
}

/** The code that newer deployments give a problem. */
function problemCode(body: unknown): unknown {
	return asObject(body).code;
}

/** Terra's message for a type of data that the provider does not have. */
export const UNSUPPORTED =
	/invalid data type|does not support (the )?requested|data type[^.]{0,40} not (supported|available)/i;

type Explain = (title: string, next: string, reason?: TerraError['reason']) => TerraError;

function explainNotFound(
	status: 400 | 404,
	said: string,
	about: Subject,
	explain: Explain,
): TerraError {
	if (about.kind === 'records' && UNSUPPORTED.test(said)) {
		return explain(
			`This connection has no ${about.type} data`,
			'Its provider does not supply this type of data. Xert supplies activities only',
			'unsupported',
		);
	}
	if (about.kind === 'link') {
		return explain(
			'Terra cannot make this link',
			'Check that the provider is spelled as Terra does and enabled in its dashboard under Connections → Sources, and that the URLs are complete',
		);
	}
	if (status === 404) return explainUnknown(said, about, explain);
	if (about.kind === 'records' && /not enabled/i.test(said)) {
		return explain(
			`The data type ${about.type} is switched off`,
			"Enable it in Terra's dashboard under Connections",
		);
	}
	return explain('Terra did not accept the request', 'Check the fields of this node');
}

function explainUnknown(said: string, about: Subject, explain: Explain): TerraError {
	// Another server, at a wrong address, would not mention users.
	const namesUser = /user|reference/i.test(said);
	if (!namesUser && about.kind === 'environment') {
		return explain(
			'Terra has nothing at this address',
			"Check the 'Base URL' of the Terra API credential",
		);
	}
	const checkUser =
		"Check the 'Athlete': the athlete may have been disconnected, have a new ID after connecting again, or belong to a different environment from the credential";
	return namesUser
		? explain('Terra does not know this athlete', checkUser, 'unknownUser')
		: explain(
				'Terra does not know this athlete',
				`${checkUser}. If it happens with every athlete, check the 'Base URL' of the Terra API credential`,
			);
}

function explainRateLimit(
	said: string,
	headers: Record<string, unknown>,
	explain: Explain,
): TerraError {
	if (headers['x-terra-ratelimit-rule'] === 'r1') {
		return explain(
			'The date range is too long for one request',
			'Terra accepts at most 1,825 days at a time',
		);
	}
	const seconds = Number(headers['retry-after']);
	const when = seconds > 0 ? `in ${seconds} seconds` : 'later';
	return explain(
		'Terra asks you to slow down',
		/provider/i.test(said)
			? `Try again ${when}: the provider's own rate limit is reached`
			: `Try again ${when}: Terra returns at most 6,000 days for one athlete in an hour`,
	);
}

export function isAboutUser({ kind }: Subject): boolean {
	return kind === 'records' || kind === 'user';
}

/** Explains a 401 for one connection, when the credential itself is valid. */
export function explainUserRefused({ statusCode, body }: HttpResponse): TerraError {
	return quoting(
		"Terra refused this athlete's connection",
		'The athlete must connect again',
		terraText(body),
		{ httpCode: String(statusCode) },
	);
}

/** Explains a request that got no answer at all. */
export function explainSilence({ code, timedOut }: NoResponse, about: Subject): TerraError {
	if (code === 'ERR_INVALID_CHAR') {
		return new TerraError(
			'The Developer ID or API Key contains a character that cannot be sent',
			'Paste both again into the Terra API credential: one of them has a line break or another invisible character.',
		);
	}
	if (timedOut) {
		return new TerraError(
			'Terra did not answer in time',
			about.kind === 'records'
				? 'Try again later, or choose a shorter period.'
				: 'Try again in a few minutes.',
			{ reason: 'silent' },
		);
	}
	return new TerraError(
		'Terra could not be reached',
		`Check the 'Base URL' of the Terra API credential and this machine's network connection${code ? ` (${code})` : ''}.`,
		{ reason: 'silent' },
	);
}
