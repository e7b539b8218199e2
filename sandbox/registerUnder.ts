import type { FastifyInstance } from 'fastify';

/** Adds routes that share a prefix, with hooks and an error handler of their own. */
export function registerUnder(
	app: FastifyInstance,
	prefix: string,
	routes: (part: FastifyInstance) => void,
): void {
	const plugin = async (part: FastifyInstance) => routes(part);
	// Without a name Fastify looks for one in every module that is loaded, which takes long under jest.
	const named = Object.assign(plugin, { [Symbol.for('fastify.display-name')]: prefix });
	void app.register(named, { prefix });
}
