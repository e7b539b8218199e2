import type { TerraUser } from '../types';
import type { World } from '../world';
import { deliveryInWords } from './words';

const DELIVERIES_SHOWN = 100;

const DELETED = 4;

/** Everything the page shows. */
export function stateOf(world: World) {
	return {
		...world.access,
		destination: world.destinations.find(({ byHand }) => byHand)?.url ?? null,
		firstDestination: world.firstDestination,
		silentSeconds: Math.max(0, Math.ceil((world.silentUntil - world.now()) / 1000)),
		settings: world.settings,
		users: world.users.map((user) => ({ ...user, lastRide: lastRideOf(world, user) })),
		deliveries: world.courier.ledger
			.slice(-DELIVERIES_SHOWN)
			.reverse()
			.map((delivery) => ({
				...delivery,
				...deliveryInWords(delivery, world.courier.events.get(delivery.eventId)),
				canResend: world.courier.canResend(delivery.traceId),
			})),
	};
}

function lastRideOf(world: World, { user_id: userId }: TerraUser) {
	const summaryId = world.lastRides.get(userId);
	const ride = summaryId && world.connectionOf(userId).history.find(summaryId, false);
	if (!ride) return null;
	const { name, upload_type: upload } = ride.metadata;
	return { summaryId, name: String(name ?? 'Ride'), isDeleted: upload === DELETED };
}
