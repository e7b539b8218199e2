import { DATA_TYPES } from '../terra/dataTypes';
import { asObject, asText, isObject } from '../terra/json';

/** What a person reads: what happened, and what to do next. */
export interface Explanation {
	message: string;
	description: string;
	/** This connection's provider does not have the data type at all. */
	isUnsupported?: boolean;
	/** Terra itself says that there is no such user. */
	isUnknownUser?: boolean;
}

interface Failure {
	statusCode: number;
	body: unknown;
	headers: unknown;
}

/**
 * Explains an answer that is not a success.
 *
 * @see https://docs.tryterra.co for the meaning of the statuses; both of Terra's error formats are read:
 * problem+json (`title`, `detail`) and the older `{ message, status }`
 */
export function explainFailure(
	{ statusCode, body, headers }: Failure,
	{ path }: { path: string },
): Explanation {
	const said = terraText(body);
	const { message, next, ...marks } = explanationOf(statusCode, said, path, asObject(headers));
	return {
		message,
		description: said ? `${next}. Terra says: ${said}` : `${next}.`,
		...marks,
	};
}

function explanationOf(
	status: number,
	said: string,
	path: string,
	headers: Record<string, unknown>,
): Omit<Explanation, 'description'> & { next: string } {
	const dataType = path.slice(1);
	const isConnecting = path === '/auth/authenticateUser' || /widget/i.test(path);
	if (status === 401) {
		return {
			message: 'Terra refused the credential',
			next: 'Check that Developer ID and API Key of the Terra API credential are right and belong to the same environment (Testing, Staging or Production)',
		};
	}
	if (status === 403) {
		return {
			message: 'Terra does not allow this',
			next: 'Check that Developer ID and API Key of the Terra API credential belong to the same environment (Testing, Staging or Production), and that your Terra plan includes the add-on that this needs',
		};
	}
	if (status === 404 && /invalid data type/i.test(said)) {
		return {
			message: `This connection has no ${dataType} data`,
			next: 'Its provider does not supply this type of data. Xert supplies activities only',
			isUnsupported: true,
		};
	}
	if (isConnecting && (status === 400 || status === 404)) {
		return {
			message: 'Terra cannot make this link',
			next: 'Check that the provider is spelled as Terra does and enabled in its dashboard under Connections → Sources, and that the URLs are complete',
		};
	}
	if (status === 404) {
		// Whatever else may be at a wrong address does not speak of users.
		const isUnknownUser = /user|reference/i.test(said);
		const orElse = isUnknownUser
			? ''
			: ". If it is the same with every user, check the 'Base URL' of the Terra API credential";
		return isUnknownUser || isAboutUser(path)
			? {
					isUnknownUser,
					message: 'Terra does not know this user',
					next: `Check the 'User': the athlete may have been disconnected, have a new ID after connecting again, or belong to another environment than the credential${orElse}`,
				}
			: {
					message: 'Terra has nothing at this address',
					next: "Check the 'Base URL' of the Terra API credential",
				};
	}
	if (status === 400 && /not enabled/i.test(said)) {
		return {
			message: `The data type ${dataType} is switched off`,
			next: "Enable it in Terra's dashboard under Connections",
		};
	}
	if (status === 424) {
		return {
			message: 'The provider refused to hand out the data',
			next: 'The athlete must connect again, or grant the permission that is missing',
		};
	}
	if (status === 429) {
		return headers['x-terra-ratelimit-rule'] === 'r1'
			? {
					message: 'The date range is too long for one request',
					next: 'Terra accepts at most 1,825 days at a time',
				}
			: {
					message: 'Terra asks to slow down',
					next: /provider/i.test(said)
						? `Try again ${retryAfter(headers)}: the provider's own rate limit is reached`
						: `Try again ${retryAfter(headers)}: Terra hands out at most 6,000 days for one user in an hour`,
				};
	}
	if (status >= 300 && status < 400) {
		return {
			message: 'The Base URL leads to another address',
			next: "Check the 'Base URL' of the Terra API credential. Redirects are not followed, so that the API Key reaches nobody else",
		};
	}
	if (status === 413 || status === 504) {
		return {
			message: 'The answer is too large for Terra to send at once',
			next: 'Choose a shorter date range, or leave out the samples',
		};
	}
	if (status >= 500 || status === 408) {
		return { message: 'Terra cannot answer just now', next: 'Try again in a few minutes' };
	}
	return { message: 'Terra did not accept the request', next: 'Check the fields of this node' };
}

function retryAfter(headers: Record<string, unknown>): string {
	const seconds = Number(headers['retry-after']);
	return seconds > 0 ? `in ${seconds} seconds` : 'later';
}

/** Terra's own words, in whichever form they came; nothing for an HTML page or an empty body. */
function terraText(body: unknown): string {
	const { detail, message, title } = asObject(body);
	const parts = [asText(title), asText(detail) ?? asText(message)];
	return [...new Set(parts.filter((part) => part !== undefined))].join(': ');
}

/** Explains a request that got no answer at all. */
export function explainSilence(error: unknown, timedOut: boolean, path: string): Explanation {
	const code = socketCode(error);
	if (timedOut) {
		return {
			message: 'Terra did not answer in time',
			description: isDataRequest(path)
				? "Ask for fewer days at once, or choose a longer 'Timeout (Seconds)' under Options."
				: 'Try again in a few minutes.',
		};
	}
	return {
		message: 'Terra could not be reached',
		description: `Check the 'Base URL' of the Terra API credential and the connection of this machine${code ? ` (${code})` : ''}.`,
	};
}

function isAboutUser(path: string): boolean {
	return isDataRequest(path) || path === '/userInfo' || path === '/auth/deauthenticateUser';
}

function isDataRequest(path: string): boolean {
	return path === '/athlete' || DATA_TYPES.some((type) => path === `/${type}`);
}

/** The socket's error code. n8n wraps the error once or twice, depending on its version. */
export function socketCode(error: unknown, depth = 0): string | undefined {
	if (!isObject(error) || depth > 3) return undefined;
	const { code, httpCode } = error;
	// Newer n8n has it where the status of an answer would be.
	const isSocketCode = typeof httpCode === 'string' && /^[A-Z]/.test(httpCode);
	return (
		asText(code) ??
		(isSocketCode ? httpCode : undefined) ??
		socketCode(error.cause, depth + 1) ??
		socketCode(error.error, depth + 1)
	);
}
