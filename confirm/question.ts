import { asObject } from './json';
import type { Reply, Terra } from './terra';

/** What a question cannot do without, beside the key. */
export type Need = 'admin' | 'athlete' | 'dataToken';

export interface Finding {
	/** What Terra answered, in few words. */
	seen: string;
	/** What that means for the package. */
	means: string;
	/** The shape of the answer, which the report keeps in full. */
	shape?: string;
}

/** Something harmless to ask, about one of the unconfirmed points. */
export interface Question {
	/** Its name in docs/unconfirmed.md. */
	point: string;
	/** What is about to be done, said before it is. */
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

/** For an answer that settles nothing. */
export function unsettled(reply: Reply, what: string): Finding {
	const { code } = asObject(reply.body);
	const why: Record<number, string> = {
		0: 'Terra could not be reached: check the address and this machine’s connection.',
		401: 'Terra did not accept the key or token: both must belong to this Developer ID.',
		403:
			code === 'scope_missing'
				? 'The token lacks a scope for this: create one with the preset "Coding agent".'
				: 'This account may not do that.',
		404: 'This path does not exist there, or Terra does not know this user.',
		422: 'The environment needs an active webhook for this: create one, then ask again.',
		429: 'Terra asks to slow down: try again later.',
	};
	return {
		seen: `${what}: ${outcomeOf(reply)}`,
		means: `Still open. ${why[reply.status] ?? 'Terra did not answer the question.'}`,
	};
}
