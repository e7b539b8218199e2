import { asObject } from './json';
import type { Reply, Terra } from './terra';

/** What a question needs besides the API key. */
export type Need = 'admin' | 'athlete' | 'dataToken';

export interface Finding {
	/** What Terra answered, in a few words. */
	seen: string;
	/** What that means for the package. */
	means: string;
	/** The shape of the answer, for the full report. */
	shape?: string;
}

/** Requests without side effects that answer one of the unconfirmed points. */
export interface Question {
	/** The point's name in docs/unconfirmed.md. */
	point: string;
	/** What it is about to do, printed first. */
	does: string;
	needs?: Need;
	ask: (terra: Terra) => Promise<Finding>;
}

export const isSuccess = ({ status }: Reply) => status >= 200 && status < 300;

/** The status with Terra's code for it, such as `403 scope_missing`. */
export function outcomeOf({ status, body }: Reply): string {
	if (status === 0) return 'no answer';
	const { code } = asObject(body);
	return typeof code === 'string' && /^\w{1,40}$/.test(code) ? `${status} ${code}` : String(status);
}

/** The finding for an answer that leaves the point open. */
export function unsettled(reply: Reply, what: string): Finding {
	const { code } = asObject(reply.body);
	const why: Record<number, string> = {
		0: 'Terra could not be reached: check the address and this machine’s connection.',
		401: 'Terra did not accept the key or token: both must belong to this Developer ID.',
		403:
			code === 'scope_missing'
				? 'The token lacks a scope for this: create one with the preset "Coding agent".'
				: 'This account is not allowed to do that.',
		404: 'Terra does not have this path, or does not know this user.',
		422: 'The environment needs an active webhook for this: create one, then try again.',
		429: 'Terra is rate-limiting the requests: try again later.',
	};
	return {
		seen: `${what}: ${outcomeOf(reply)}`,
		means: `Still open. ${why[reply.status] ?? 'Terra did not answer the question.'}`,
	};
}
