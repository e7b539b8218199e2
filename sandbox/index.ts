import { finishRide, send, updateActivity } from './actions';
import { makeServer } from './server';
import type { Sandbox, SandboxOptions } from './types';
import { World } from './world';

export { sampleEvents } from './events';
export type { Fault, FaultKind } from './faults';
export type { Ride } from './rides/activity';
export type * from './types';
export type { Delivery, DeliveryAttempt, SendOptions } from './webhooks/types';

/** Starts a local stand-in for Terra: its API, its webhooks and a web page. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const world = new World(options);
	const server = makeServer(world);
	world.url = await server.listen({ port: world.options.port, host: world.options.host });

	return {
		...world.access,
		users: world.users,
		settings: world.settings,
		ledger: world.courier.ledger,
		requests: world.requests,
		faults: world.faults,
		setDestination: (url) => world.setDestination(url),
		finishRide: async (ride) => await finishRide(world, ride),
		updateActivity: async (userId, summaryId, change, how) =>
			await updateActivity(world, userId, summaryId, change, how),
		send: async (event, how) => await send(world, event, how),
		resend: async (traceId) => await world.courier.resend(traceId),
		settled: async () => await world.courier.settled(),
		addUser: (user) => world.addUser(user),
		addAdminToken: (token, limits) => world.addAdminToken(token, limits),
		removeAdminToken: (token) => void world.adminTokens.delete(token),
		profileOf: (userId) => world.connectionOf(userId).profile,
		addActivities: (userId, activities) => world.connectionOf(userId).history.add(activities),
		activitiesOf: (userId) => world.connectionOf(userId).history.all(),
		close: async () => {
			world.courier.close();
			await server.close();
		},
	};
}
