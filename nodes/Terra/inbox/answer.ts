/**
 * Why a delivery starts nothing: its event starts through another delivery; the fields of the node leave it out; there
 * is nothing to start, or not yet; it can never be used; or it was not accepted.
 */
export type AnswerKind = 'elsewhere' | 'leftOut' | 'ignored' | 'dropped' | 'refused';

/** An answer without an execution. Terra retries whatever is not a 2xx. */
export class Answer {
	constructor(
		readonly status: 200 | 400 | 401 | 503,
		readonly text: string,
		readonly kind: AnswerKind = status === 200 ? 'leftOut' : 'refused',
	) {}
}
