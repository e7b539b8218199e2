import type { FastifyReply } from 'fastify';
import { STATUS_CODES } from 'node:http';

/** Answers with Terra's error format: problem+json, without the status in the body. */
export function problem(
	reply: FastifyReply,
	status: number,
	detail: string,
	more: object = {},
): void {
	void reply
		.code(status)
		.type('application/problem+json')
		.send(
			JSON.stringify({
				type: 'about:blank',
				title: (STATUS_CODES[status] ?? 'error').toLowerCase(),
				instance: reply.request.url,
				detail,
				...more,
			}),
		);
}
