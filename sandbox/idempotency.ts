import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from './problem';
import type { World } from './world';

export interface Outcome {
	status: number;
	body?: object;
	/** Of a problem. */
	detail?: string;
}

/** An `Idempotency-Key` that was used before gets the first answer again; with another body, 409. */
export function replayOrRun(
	world: World,
	request: FastifyRequest,
	reply: FastifyReply,
	run: () => Outcome,
): FastifyReply {
	const key = request.headers['idempotency-key'];
	const body = JSON.stringify(request.body);
	const known = typeof key === 'string' ? world.idempotent.get(key) : undefined;
	if (known && known.body !== body) {
		problem(reply, 409, 'this Idempotency-Key was used for another request');
		return reply;
	}
	const outcome = known?.outcome ?? run();
	if (typeof key === 'string' && outcome.status < 400) world.idempotent.set(key, { body, outcome });
	if (outcome.body) void reply.code(outcome.status).send(outcome.body);
	else problem(reply, outcome.status, outcome.detail ?? '');
	return reply;
}
