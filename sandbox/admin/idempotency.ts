import type { FastifyRequest } from 'fastify';
import type { World } from '../world';
import type { Answer } from './endpoint';
import { AdminProblem } from './problem';

/** Remembers only successful requests, so that a client can correct a mistake and reuse the key. */
export function oncePerKey(world: World, request: FastifyRequest, run: () => Answer): Answer {
	const key = request.headers['idempotency-key'];
	if (typeof key !== 'string') return run();
	const identity = JSON.stringify([request.method, request.url, request.body]);
	const known = world.idempotent.get(key);
	if (!known) {
		const answer = run();
		world.idempotent.set(key, { identity, answer });
		return answer;
	}
	if (known.identity === identity)
		return { ...known.answer, body: known.answer.repeated ?? known.answer.body };
	throw new AdminProblem(
		'idempotency_key_reuse',
		'this Idempotency-Key was used for another request',
	);
}
