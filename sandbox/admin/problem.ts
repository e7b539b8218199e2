import type { FastifyReply } from 'fastify';
import { problem } from '../problem';
import type { AdminVersion } from '../types';

/** The problem codes that the sandbox uses, with their HTTP status. */
const STATUS = {
	validation_failed: 400,
	unauthorized: 401,
	token_expired: 401,
	access_denied: 403,
	audience_restricted: 403,
	scope_missing: 403,
	dev_id_not_found: 404,
	not_found: 404,
	conflict: 409,
	idempotency_key_reuse: 409,
	unsupported_operation: 422,
} as const;
type AdminCode = keyof typeof STATUS;

export class AdminProblem extends Error {
	readonly status: number;

	constructor(
		readonly code: AdminCode,
		detail: string,
		/** What the user should do. */
		readonly remediation?: string,
		/** Each `field: message`. */
		readonly errors?: string[],
	) {
		super(detail);
		this.status = STATUS[code];
	}
}

/** A validation error in one field. */
export function invalid(field: string, message: string): AdminProblem {
	const error = `${field}: ${message}`;
	return new AdminProblem('validation_failed', error, undefined, [error]);
}

/** 2026.09 has no codes. */
export function answerProblem(reply: FastifyReply, error: AdminProblem, version: AdminVersion) {
	const { code, remediation, errors } = error;
	const more = version === '2026.09' ? {} : { code, remediation, errors };
	problem(reply, error.status, error.message, more);
}
