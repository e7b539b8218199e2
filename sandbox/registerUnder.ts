import type { FastifyInstance } from 'fastify';

/** Adds routes under a prefix, with their own hooks and error handler. */
export function registerUnder(
	app: FastifyInstance,
	prefix: string,
	routes: (part: FastifyInstance) => void,
): void {
	const plugin = async (part: FastifyInstance) => routes(part);
	// Without a name Fastify searches every loaded module for one, which is slow under Jest.
	const named = Object.assign(plugin, { [Symbol.for('fastify.display-name')]: prefix });
	void app.register(named, { prefix });
}
