/**
 * What went wrong, for the person who built the workflow. The only error thrown below `n8n/`, which
 * turns it into n8n's own with the node and the item it concerns.
 */
export class UserError extends Error {
	/** What to do next, in full sentences; empty if there is nothing to do. */
	readonly next: string;

	/** Terra's HTTP status, if the error is Terra's answer. */
	readonly httpCode: string | undefined;

	/** @param title what happened, without a full stop */
	constructor(title: string, next = '', { httpCode }: { httpCode?: string } = {}) {
		super(title);
		this.name = 'UserError';
		this.next = next;
		this.httpCode = httpCode;
	}
}

/** An error of any kind as one that a person can read. */
export const asUserError = (error: unknown): UserError =>
	error instanceof UserError ? error : new UserError((error as Error).message);
